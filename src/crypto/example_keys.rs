//! Keys and signatures over the octets `octets`, made with the OpenSSL command line for these tests.

use crate::crypto::public_key::PublicKey;
use crate::encoding::base64;

/// What every signature here is over.
pub(super) const MESSAGE: &[u8] = b"octets";

pub(super) fn octets(text: &str) -> Vec<u8> {
    base64::decode_standard(text).unwrap()
}

pub(super) fn key(spki: &str) -> PublicKey {
    PublicKey::from_spki_der(&octets(spki)).unwrap()
}

pub(super) const P256_SPKI: &str = "\
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEydOMqrev2/JqvaOpocnMferQT5M1esNcJTmM/l34y6+2vDx1eP4MZ2kNU+hl4M+yQ/n1qgg7dK\
    tWUwR+X2Uj6w==";
pub(super) const P256_SHA256: &str = "\
    MEUCICqCGJreT7Twqykjaqgn/EdXdWH1JUwwlFuGStoqNQ8jAiEAraBCdeJ6VWJZ+YtkxyrSj/k0ENn604VxGWCxD9kl/DA=";
pub(super) const P256_SHA384: &str = "\
    MEYCIQCn0wDOrEFJ8GEbtc/l28QAYpOkyqgfT+X/IOE+0C/4eAIhAId41CbDg/qdRmlNJ0S9fFaH1VZYmnhG0ek7Myy4ROgm";
pub(super) const P384_SPKI: &str = "\
    MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEEIi4LmfkY1LsDZiRjcpEeVqrqAtsLNtgicR3J2sUQNW9y+/NCdx0OeJp+7fmeM1IiKS0JLXuGnTxmF\
    9lchl/tudg+Jg8fRXiP5tH/qbjLNZIyDfVSnbrXX0dymESf3Fj";
pub(super) const P384_SHA256: &str = "\
    MGQCME5HxvT226bauJKjTd+/ovOicepZrfhaNQbMC7labfG9MBpWB3WuX4a1yf/AU//hNAIwAUAmkGpO6SgUTxuuHFyYyLoGfhhM3rpgDYKw2x\
    il3rz70c36Cc2Mu5Fm2y9D6TU5";
pub(super) const P384_SHA384: &str = "\
    MGQCMDzGQplPbKeBjJrHxNDYQbTjSLoJovsIZCz2wIjN9e+LR0kOoCkOZQ+tzVmZzb94nwIwV9SPwnTR1Zg5JHXVhaDMPg1sEfw6+/emC0JlwS\
    XINsgfSar0ltRmnH/JGvXlSTys";
pub(super) const P521_SPKI: &str = "\
    MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAfgvm+6rzOny0fgUexIhQAq2dRf3x8YorSfit54nGsJBH3xekd8GpfxQOiobOjmMP9DK4NUYOYe\
    5O/PwshD7G1o4AmINkC4Ss9u66vDVE+Udw9O5fZW6P3jLS8eOM/HHZ+338vyz45xVXQXSXg0ez4fhfflWlUhmB0nwvSg+uMJ8TmJM=";
pub(super) const ED25519_SPKI: &str = "MCowBQYDK2VwAyEAlhPaZGuWXZ3/o6nh44+YY0xAooKoPRFX2mKyV1/x3vk=";
pub(super) const ED25519: &str = "\
    OY58eBMbOpZ0NuE0ERqoRzZO01hnz9zd6+j2rrDTqhoKfP8gEMJwr6qoXc3n8ht/3oEIMdyr7tp7t7oaemOiDQ==";
pub(super) const RSA1024_SPKI: &str = "\
    MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDHUqZN6wYynK7JYDZbn+LPgB9YZfz7NmMo+PAUW73mY2M98CoOpj2mwBIoMYzfZ+nDbIFtsK\
    3gNtp1K824OF8ggm7lES2sMNVk8aI/kECAahjspR/irT4x5h5kLRsazjruiEY8zs6IrzPfK0blJ/wXzE5NvSSQdgPxE5Qu3XkIiwIDAQAB";
pub(super) const RSA1024_SHA1: &str = "\
    pN55RE6MeOBalIVwRLqpGg6Pj/HIYdrJJUmijYBuCZkplPrQjI3bIfUVMeOWZv1EaVOpU5s6qAZMp/3+uldcR3WaNJGMEGqfbw1D3mclI8lHBz\
    skHedTacrnBRijW67BJffc9cOcjifGkDvpn4re/n8fJFLc8H39vg06Nrq0/c0=";
pub(super) const RSA1024_SHA256: &str = "\
    qKtlsJ/fZOrQBDrztmFcyLgoCn2qjVd8kIDyINnfiSXbFtrPXJVTx2xilWuafebl1RKxp2ujoHDGUm7x8+ZhZkT4is3XEotzXXZ+2y+bd/k+9B\
    hAFrsoo9vc2KiHpRZ0VnAq4EnOZaSxWa5vsz8WSsXPV/IQG+8df/JGdYLL79U=";
pub(super) const RSA2048_SPKI: &str = "\
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnBImrxZpl2wffRxX2kb+fmrt/DKr9az9GCGlTp+fegsXoVD8MMBTWXsFplUFdC1Wum\
    w5V9jtLcbjyF4bJYlxvuj1dPBZkZgN8knQWv44xbOwnuD+DJRKOpEBcsfJVNGl0HP5e7kzDZB53EOvTeAe+eSxXqAMS0XLFFJ7oBNA8TODjnpn\
    Gk4oWWJvtV/5R/HKk/jhQDiC0QW/RGJWPWPmXNLCNr2LfYmfADi2LiN4nMJ4yRs0BeJIsF/2FHoQHEqPcUQY2pKVG2WT/rckEaBGbYHC/fb2Pm\
    CZEHfE+ZEEIDuu0ymUZlHiZxMWAXBtMHBM8e+aTE06reeP2NW2M/7EnQIDAQAB";
pub(super) const RSA2048_SHA256: &str = "\
    UdXSJ33ZpTigFN6DlWTRYEYWeXZLJNc3RAn9WDAd1Nzm7ApTcN2+44JkHSWzZTmDFKQTU6pRXxjaYeKe75mg4OetJ4JSnHi1ZOgzj0OCke2lBS\
    +p1M5Upr/L5O1HPN0Ih5AjEcQtYUYGJ3upcJf5NS9fFO+OsSA/h3JWVH+5Jypn1mN2NhVr4RUSM8WZ4JT75VfJ9DVCW+Nn/xhK3a+ILdgDEk6T\
    mm3IkHw28Yxtachgvw8uBIAXEiUpS60R1yPzz3pmJvPjtc2/uU+/8owcAm6xnJCMe6zryoHhqoULQfeq0tfAS6G1HLUD1s13DSn+AjfK3u58Hj\
    1hAXyBTb4WJQ==";
pub(super) const RSA2048_PSS_SHA256: &str = "\
    lUjE/zZ6dO5Dp7kGQJpoLrfVomp7gcBFPuE2moZDBPZ77D1COXj82FoiMlHhPZKCen+Z39pWhk+IE6AVRRBRzjpUB7eZAsaFlPKgAI7Sm/ZEIn\
    gxRE7pQ0iL9so9ewTVH5wPtQncDlTCt8hHCz2AXyFdwFJupQeeqAgerYyEkFzDjMVhqzrqsgJgvcq4sakGc/VaA1TCNKyq9/orihEaNEB5RXyU\
    pQKYyV8PacFmqpBK48Ex0wT3v/UDzPUNJEo/3Yv2kqf2iCcESWHuFEDotDowliKT7URd9S7BNvrZmZz7ERhPnwu2KCbpBTKG+pw9jt32CqEjC8\
    5m9QnVPSpg4A==";

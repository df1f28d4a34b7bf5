//! What each kind of time-stamp stands for: the octets whose digest is its message imprint (TS 119 182-1).

use crate::digest::{Digest, DigestAlgorithm};
use crate::jades::EtsiU;

/// The octets that a time-stamp is taken over, in pieces that are hashed one after another.
///
/// The pieces are the strings as received; nothing is encoded again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint<'a> {
    pieces: Vec<&'a [u8]>,
}

/// The parts of a JWS signature as received, that imprints are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Received<'a> {
    /// The signed data: the payload as in the signing input, its base64url string, or its octets when `b64` is false; with
    /// `sigD` the data objects, each encoded so, one behind the other.
    pub(crate) data: &'a [u8],
    /// The protected header, base64url.
    pub(crate) protected: &'a str,
    /// The signature value, base64url.
    pub(crate) signature: &'a str,
}

impl<'a> Imprint<'a> {
    /// `sigTst` (§5.3.4): the base64url signature value.
    pub(crate) fn signature(received: Received<'a>) -> Self {
        Self { pieces: vec![received.signature.as_bytes()] }
    }

    /// `adoTst` (§5.2.6): the signed data.
    pub(crate) fn content(received: Received<'a>) -> Self {
        Self { pieces: vec![received.data] }
    }

    /// `sigRTst` (§5.3.5.5) at `position`: the signature value, a dot, and the earlier `sigTst` and reference items.
    /// `None` when `etsiU` holds objects.
    pub(crate) fn signature_and_references(received: Received<'a>, etsi_u: &'a EtsiU, position: usize) -> Option<Self> {
        let mut pieces = vec![received.signature.as_bytes(), b".".as_slice()];
        let names = ["sigTst", "xRefs", "rRefs", "axRefs", "arRefs"];
        pieces.extend(items_before(etsi_u, position, |name| names.contains(&name))?);
        Some(Self { pieces })
    }

    /// `rfsTst` (§5.3.5.6) at `position`: the earlier reference items. `None` when `etsiU` holds objects.
    pub(crate) fn references(etsi_u: &'a EtsiU, position: usize) -> Option<Self> {
        let names = ["xRefs", "rRefs", "axRefs", "arRefs"];
        items_before(etsi_u, position, |name| names.contains(&name)).map(|pieces| Self { pieces })
    }

    /// `arcTst` (§5.3.6.2) at `position`: signed data, protected header and signature value with dots behind each, and
    /// every item before it. `None` when `etsiU` holds objects, for which the standard's rule is not settled.
    pub(crate) fn archive(received: Received<'a>, etsi_u: &'a EtsiU, position: usize) -> Option<Self> {
        let dot = b".".as_slice();
        let mut pieces =
            vec![received.data, dot, received.protected.as_bytes(), dot, received.signature.as_bytes(), dot];
        pieces.extend(items_before(etsi_u, position, |_| true)?);
        Some(Self { pieces })
    }

    /// The digest of the pieces.
    #[must_use]
    pub fn digest(&self, algorithm: DigestAlgorithm) -> Digest {
        let mut hasher = algorithm.hasher();
        self.pieces.iter().for_each(|piece| hasher.update(piece));
        hasher.finish()
    }

    /// The pieces, in order.
    #[must_use]
    pub fn pieces(&self) -> &[&'a [u8]] {
        &self.pieces
    }
}

/// The strings of the items before `position` whose name `wanted` takes, or `None` when an item came as an object.
fn items_before(etsi_u: &EtsiU, position: usize, wanted: impl Fn(&str) -> bool) -> Option<Vec<&[u8]>> {
    let before = etsi_u.items().iter().take(position).filter(|item| wanted(item.name()));
    before.map(|item| item.received().map(str::as_bytes)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::budget::Limits;
    use crate::encoding::base64::encode_url;

    fn item(name: &str) -> String {
        encode_url(json!({name: {}}).to_string().as_bytes())
    }

    fn joined(imprint: &Imprint<'_>) -> String {
        String::from_utf8(imprint.pieces().concat()).unwrap()
    }

    #[test]
    fn each_kind_is_over_its_own_octets() {
        let names = ["sigTst", "xRefs", "sigRTst", "rfsTst", "xVals", "arcTst"];
        let strings: Vec<String> = names.iter().map(|name| item(name)).collect();
        let etsi_u = EtsiU::read(&json!(strings), &Limits::default()).unwrap();
        let received = Received { data: b"PAY", protected: "PRO", signature: "SIG" };
        let [sig_tst, x_refs, sig_r_tst, rfs_tst, x_vals, _] = &strings[..] else { panic!("six") };
        assert_eq!(joined(&Imprint::signature(received)), "SIG");
        assert_eq!(joined(&Imprint::content(received)), "PAY");
        assert_eq!(
            joined(&Imprint::signature_and_references(received, &etsi_u, 2).unwrap()),
            format!("SIG.{sig_tst}{x_refs}")
        );
        assert_eq!(joined(&Imprint::references(&etsi_u, 3).unwrap()), *x_refs);
        assert_eq!(
            joined(&Imprint::archive(received, &etsi_u, 5).unwrap()),
            format!("PAY.PRO.SIG.{sig_tst}{x_refs}{sig_r_tst}{rfs_tst}{x_vals}")
        );
    }

    #[test]
    fn clear_items_have_no_settled_imprint() {
        let etsi_u = EtsiU::read(&json!([{"xVals": []}, {"arcTst": {}}]), &Limits::default()).unwrap();
        let received = Received { data: b"PAY", protected: "PRO", signature: "SIG" };
        assert_eq!(Imprint::archive(received, &etsi_u, 1), None);
    }
}

use std::error::Error;
use std::path::Path;
use std::{env, fs, process};

use ::openssl::bn::BigNum;
use ::openssl::cms::{CMSOptions, CmsContentInfo};
use ::openssl::ecdsa::EcdsaSig;
use ::openssl::hash::MessageDigest;
use ::openssl::sign::Verifier;
use ::openssl::ssl::SslFiletype;
use ::openssl::stack::Stack;
use ::openssl::x509::store::{X509Lookup, X509Store, X509StoreBuilder};
use ::openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use ::openssl::x509::{X509, X509PurposeId, X509StoreContext};
use wathiqa::budget::Limits;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64;
use wathiqa::tsp::TstInfo;
use wathiqa::x509::Certificate;

use super::{DocumentVerifier, Level, Revocation, Trust};
use crate::parts::Parts;

/// The same work composed of what the crate `openssl` has: `X509_verify_cert` over `x5c`, an EVP verification of the signing
/// input, `CMS_verify` of the token. The crate has no functions for time-stamps, so the imprint is read by us; and it sets
/// the time once for a store, so all is judged at the time of validation and not at the proven one.
pub struct OpenSsl {
    signers: X509Store,
    authorities: X509Store,
    level: Level,
    name: &'static str,
}

impl OpenSsl {
    pub fn new(trust: &Trust, level: Level, revocation: Revocation) -> Result<Self, Box<dyn Error>> {
        let signers = store(&trust.root, X509PurposeId::ANY, trust, revocation)?;
        let authorities = store(&trust.time_stamp_root, X509PurposeId::TIMESTAMP_SIGN, trust, revocation)?;
        let name = if revocation == Revocation::Checked { "openssl" } else { "openssl, revocation not looked at" };
        Ok(Self { signers, authorities, level, name })
    }

    fn check(&self, document: &str) -> Result<(), Box<dyn Error>> {
        let parts = Parts::read(document.as_bytes())?;
        let mut chain = Vec::new();
        for der in parts.chain()? {
            chain.push(X509::from_der(&der)?);
        }
        let (leaf, issuers) = chain.split_first().ok_or("x5c is empty")?;
        let mut pool = Stack::new()?;
        for issuer in issuers {
            pool.push(issuer.clone())?;
        }
        let (holds, why) = X509StoreContext::new()?.init(&self.signers, leaf, &pool, |context| {
            let holds = context.verify_cert()?;
            Ok((holds, context.error()))
        })?;
        if !holds {
            return Err(why.error_string().into());
        }

        let value = base64::decode_url(&parts.signature)?;
        let (r, s) = value.split_at_checked(32).ok_or("the signature is short")?;
        let value = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?.to_der()?;
        let key = leaf.public_key()?;
        let mut verifier = Verifier::new(MessageDigest::sha256(), &key)?;
        if !verifier.verify_oneshot(&value, parts.signing_input().as_bytes())? {
            return Err("the signature does not hold".into());
        }

        match (self.level, &parts.token) {
            (Level::BB, _) => Ok(()),
            (Level::BT, None) => Err("no time-stamp".into()),
            (Level::BT, Some(token)) => self.check_token(token, parts.signature.as_bytes()),
        }
    }

    fn check_token(&self, token: &[u8], stamped: &[u8]) -> Result<(), Box<dyn Error>> {
        let mut content = Vec::new();
        let mut token = CmsContentInfo::from_der(token)?;
        token.verify(None, Some(&self.authorities), None, Some(&mut content), CMSOptions::BINARY)?;
        let tst_info = TstInfo::from_der(&content, &Limits::default())?;
        if *tst_info.message_imprint() != DigestAlgorithm::Sha256.digest(stamped) {
            return Err("the time-stamp is of something else".into());
        }
        Ok(())
    }
}

impl DocumentVerifier for OpenSsl {
    fn name(&self) -> &'static str {
        self.name
    }

    fn verify(&self, document: &str) -> Result<(), String> {
        self.check(document).map_err(|error| error.to_string())
    }
}

fn store(
    anchor: &Certificate,
    purpose: X509PurposeId,
    trust: &Trust,
    revocation: Revocation,
) -> Result<X509Store, Box<dyn Error>> {
    let mut store = X509StoreBuilder::new()?;
    store.add_cert(X509::from_der(anchor.as_der())?)?;
    let mut parameters = X509VerifyParam::new()?;
    parameters.set_time(trust.at.unix_seconds());
    parameters.set_purpose(purpose)?;
    if revocation == Revocation::Checked {
        parameters.set_flags(X509VerifyFlags::CRL_CHECK | X509VerifyFlags::CRL_CHECK_ALL)?;
        let folder = env::temp_dir().join(format!("wathiqa-peers-{}", process::id()));
        fs::create_dir_all(&folder)?;
        for (position, der) in trust.crls.iter().enumerate() {
            add_crl(&mut store, der, &folder.join(format!("{position}.crl")))?;
        }
    }
    store.set_param(&parameters)?;
    Ok(store.build())
}

/// The crate adds a list to a store from a file alone.
fn add_crl(store: &mut X509StoreBuilder, der: &[u8], file: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(file, der)?;
    store.add_lookup(X509Lookup::file())?.load_crl_file(file, SslFiletype::ASN1)?;
    Ok(fs::remove_file(file)?)
}

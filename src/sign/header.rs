//! Writing the protected header.

use serde_json::Value;

use crate::digest::DigestAlgorithm;
use crate::encoding::base64;
use crate::sign::content::{Content, Place};
use crate::sign::{Serialization, SignError, SignatureParameters};

/// The protected header, without spaces: `alg, cty, x5t#S256, x5c, typ, b64, srCms, sigPl, srAts, adoTst, sigPId, sigD, crit,
/// iat`. `iat` is last so that everything before it is the same for every document of a signer, and a verifier of many can
/// know it by its octets.
pub(super) fn write(content: &Content<'_>, parameters: &SignatureParameters) -> Result<String, SignError> {
    let of_content = content.header()?;
    let [commitments, place, attributes, policy] = parameters.properties();
    let rows = [
        ("b64", of_content.b64),
        ("srCms", commitments),
        ("sigPl", place),
        ("srAts", attributes),
        ("adoTst", of_content.ado_tst),
        ("sigPId", policy),
        ("sigD", of_content.sig_d),
        ("crit", of_content.crit),
    ];
    let mut members = signer(content, parameters)?;
    members.extend(rows.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))));
    members.push(("iat", Value::from(parameters.signing_time().unix_seconds())));
    let members: Vec<String> =
        members.into_iter().map(|(name, value)| format!("{}:{value}", Value::from(name))).collect();
    Ok(format!("{{{}}}", members.join(",")))
}

/// `alg, cty, x5t#S256, x5c, typ`.
fn signer(content: &Content<'_>, parameters: &SignatureParameters) -> Result<Vec<(&'static str, Value)>, SignError> {
    let chain = parameters.chain();
    let thumbprint = chain.first().map(|leaf| leaf.digest(DigestAlgorithm::Sha256));
    let thumbprint = thumbprint.map(|digest| base64::encode_url(digest.as_octets())).unwrap_or_default();
    let x5c = chain.iter().map(|certificate| Value::String(base64::encode_standard(certificate.as_der())));
    let typ = match parameters.serialization() {
        Serialization::Compact => "jose",
        Serialization::FlattenedJson | Serialization::GeneralJson => "jose+json",
    };
    let mut members = vec![("alg", Value::from(parameters.algorithm().name()))];
    if let Some(media_type) = parameters.content_type() {
        match content.place {
            Place::Attached(_) | Place::Detached(_) => members.push(("cty", short_media_type(media_type).into())),
            Place::Named(..) => {
                return Err(SignError::ContentType { of: "data objects, which have types of their own" });
            }
            Place::SignatureValue(_) => return Err(SignError::ContentType { of: "a signature value" }),
        }
    }
    members.push(("x5t#S256", Value::from(thumbprint)));
    members.push(("x5c", Value::Array(x5c.collect())));
    members.push(("typ", Value::from(typ)));
    Ok(members)
}

/// `application/` is left out where no other `/` remains (RFC 7515 §4.1.10).
pub(super) fn short_media_type(media_type: &str) -> &str {
    match media_type.strip_prefix("application/") {
        Some(rest) if !rest.contains('/') => rest,
        _ => media_type,
    }
}

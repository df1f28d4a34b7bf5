//! A response for tests of what carries responses, or looks at their times.

use super::OcspResponse;
use crate::budget::Limits;
use crate::crypto::SignatureAlgorithm;
use crate::encoding::der::{Tag, Writer};
use crate::oid;

/// A response made 2026-06-02 that says as of 2026-06-01 that a certificate was revoked 2026-03-01, and answers until
/// 2026-06-08. Nobody signed it.
pub(crate) fn revoked() -> OcspResponse {
    let mut basic = Writer::new();
    basic.constructed(Tag::SEQUENCE, |basic| {
        basic.constructed(Tag::SEQUENCE, |data| {
            data.constructed(Tag::context_constructed(2), |by_key| by_key.octet_string(&[0; 20]));
            data.value(Tag::GENERALIZED_TIME, b"20260602000000Z");
            data.constructed(Tag::SEQUENCE, |list| list.constructed(Tag::SEQUENCE, single_response));
        });
        basic.encoded(SignatureAlgorithm::Ed25519.algorithm_identifier_der());
        basic.value(Tag::BIT_STRING, &[0; 65]);
    });
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |response| {
        response.value(Tag::ENUMERATED, &[0]);
        response.constructed(Tag::context_constructed(0), |explicit| {
            explicit.constructed(Tag::SEQUENCE, |octets| {
                octets.oid(&oid::PKIX_OCSP_BASIC);
                octets.octet_string(&basic.into_der());
            });
        });
    });
    OcspResponse::from_der(&writer.into_der(), &Limits::default()).unwrap()
}

fn single_response(single: &mut Writer) {
    single.constructed(Tag::SEQUENCE, |id| {
        id.constructed(Tag::SEQUENCE, |algorithm| algorithm.oid(&oid::ID_SHA256));
        id.octet_string(&[0; 32]);
        id.octet_string(&[0; 32]);
        id.unsigned(1);
    });
    single.constructed(Tag::context_constructed(1), |revoked| {
        revoked.value(Tag::GENERALIZED_TIME, b"20260301000000Z");
    });
    single.value(Tag::GENERALIZED_TIME, b"20260601000000Z");
    single.constructed(Tag::context_constructed(0), |explicit| {
        explicit.value(Tag::GENERALIZED_TIME, b"20260608000000Z");
    });
}

//! Lists and responses made by OpenSSL, judged here; requests made here, answered by OpenSSL.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::AlgorithmConstraints;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::x509::crl::{Crl, CrlContents, IssuingDistributionPoint};
use wathiqa::x509::ocsp::{self, CertId, CertStatus, OcspInputs, OcspRequest, OcspResponse, Responder};
use wathiqa::x509::revocation::{self, Freshness, RevocationEvidence, RevocationInputs, RevocationSettings};
use wathiqa::x509::{Certificate, TrustAnchor};

use openssl::{AUTHORITY, Holder, KeyType, LONG, OpenSsl, Request, SIGNER};

#[path = "support/openssl.rs"]
mod openssl;

/// A CA, two certificates of it, the second of which is revoked, and a responder it delegated to.
struct World<'a> {
    openssl: &'a OpenSsl,
    ca: Certificate,
    good: Certificate,
    revoked: Certificate,
}

impl<'a> World<'a> {
    fn new(openssl: &'a OpenSsl, key: KeyType) -> Self {
        let issue = |name, subject, issuer: Option<&Holder>, extensions: &[&str]| {
            openssl.issue(&Request { name, subject, key, issuer, extensions, validity: LONG })
        };
        let read = |holder: &Holder| Certificate::from_der(holder.certificate_der()).unwrap();
        let ca = issue("ca", "/C=SY/CN=CA", None, &AUTHORITY);
        let good = read(&issue("good", "/C=SY/CN=Good", Some(&ca), &SIGNER));
        let revoked = read(&issue("revoked", "/C=SY/CN=Revoked", Some(&ca), &SIGNER));
        let responder = ["keyUsage = critical, digitalSignature", "extendedKeyUsage = OCSPSigning", "noCheck = yes"];
        issue("responder", "/C=SY/CN=Responder", Some(&ca), &responder);
        // The CA's book: a line for each certificate.
        let book = format!(
            "V\t491231235959Z\t\t{}\tunknown\t/CN=Good\n\
             R\t491231235959Z\t250301000000Z,keyCompromise\t{}\tunknown\t/CN=Revoked\n",
            hexadecimal(&good),
            hexadecimal(&revoked)
        );
        openssl.write("book", book);
        openssl.write("number", "07\n");
        openssl.write(
            "book.cnf",
            "[ca]\ndefault_ca = this\n[this]\ndatabase = book\ncrlnumber = number\ndefault_md = default\n\
             crl_extensions = these\n[these]\nauthorityKeyIdentifier = keyid\n\
             issuingDistributionPoint = critical, @scope\n[scope]\nonlyuser = TRUE\n",
        );
        Self { openssl, ca: read(&ca), good, revoked }
    }

    fn list(&self) -> Crl {
        let period = ["-crl_lastupdate", "20250601000000Z", "-crl_nextupdate", "20250608000000Z"];
        let sign =
            ["ca", "-gencrl", "-config", "book.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-out", "list.pem"];
        self.openssl.run(&[&sign[..], &period].concat());
        let der = self.openssl.run(&["crl", "-in", "list.pem", "-outform", "DER"]);
        Crl::from_der(&der, &Limits::default()).unwrap()
    }

    fn answer(&self, request: &OcspRequest, signer: &str) -> OcspResponse {
        self.openssl.write("request.der", request.to_der());
        let [certificate, key] = ["pem", "key"].map(|extension| format!("{signer}.{extension}"));
        let book = ["ocsp", "-index", "book", "-CA", "ca.pem", "-rsigner", &certificate, "-rkey", &key];
        let files = ["-reqin", "request.der", "-respout", "response.der", "-ndays", "7"];
        self.openssl.run(&[&book[..], &files].concat());
        OcspResponse::from_der(&self.openssl.read("response.der"), &Limits::default()).unwrap()
    }
}

/// The serial number as the book has it.
fn hexadecimal(certificate: &Certificate) -> String {
    let octets = certificate.serial_number();
    octets.iter().skip_while(|octet| **octet == 0).map(|octet| format!("{octet:02X}")).collect()
}

#[test]
fn lists_of_openssl_are_judged_as_it_made_them() {
    for key in KeyType::ALL {
        let Some(openssl) = OpenSsl::in_folder(&format!("lists-{key:?}")) else { return };
        let world = World::new(&openssl, key);
        let list = world.list();
        assert_eq!((list.len(), list.crl_number().unwrap().to_string().as_str()), (1, "7"));
        assert_eq!(list.authority_key_identifier(), world.ca.subject_key_identifier());
        let scope = list.issuing_distribution_point().map(IssuingDistributionPoint::contents);
        assert_eq!(scope, Some(CrlContents::UserCertificates));
        let evidence = RevocationEvidence::new(vec![list], Vec::new());
        let anchor = TrustAnchor::from_certificate(world.ca.clone());
        let settings = RevocationSettings::default();
        let inputs = RevocationInputs::new(&evidence, &anchor, "2025-06-02T00:00:00Z".parse().unwrap(), &settings);
        let judge = |certificate| {
            let status =
                revocation::check(certificate, (&anchor).into(), &inputs, &mut Budget::new(&Limits::default()));
            status.to_string()
        };
        assert_eq!(judge(&world.good), "not revoked at 2025-06-02T00:00:00Z", "{key:?}");
        assert_eq!(judge(&world.revoked), "revoked 2025-03-01T00:00:00Z (keyCompromise)", "{key:?}");
        assert!(judge(&world.ca).ends_with("it is for certificates of end entities alone"), "{key:?}");
    }
}

#[test]
fn openssl_answers_requests_and_its_answers_are_accepted() {
    for key in KeyType::STAMPING {
        let Some(openssl) = OpenSsl::in_folder(&format!("responses-{key:?}")) else { return };
        let world = World::new(&openssl, key);
        let (freshness, algorithms) = (Freshness::default(), AlgorithmConstraints::default());
        for (digest, signer) in [(DigestAlgorithm::Sha1, "ca"), (DigestAlgorithm::Sha256, "responder")] {
            let id = |certificate| CertId::new(digest, certificate, world.ca.public_key());
            let request = OcspRequest::new(id(&world.good)).and(id(&world.revoked)).and(id(&world.ca));
            let request = request.with_nonce(&[7; 32]).unwrap();
            let response = world.answer(&request, signer);
            assert_eq!((response.responses().len(), response.nonce()), (3, request.nonce()));
            let accept = |certificate| {
                // OpenSSL answers by the clock: it is judged when it says it answered.
                let issuer = (&world.ca).into();
                let mut inputs = OcspInputs::new(certificate, issuer, response.produced_at(), &freshness, &algorithms);
                inputs.nonce = request.nonce();
                ocsp::accept(&response, &inputs, &mut Budget::new(&Limits::default())).unwrap()
            };
            let good = accept(&world.good);
            assert_eq!(good.status(), CertStatus::Good);
            assert_eq!(matches!(good.responder(), Responder::Delegate(_)), signer == "responder");
            assert!(good.responder().to_be_checked().is_none());
            let CertStatus::Revoked { date, reason } = accept(&world.revoked).status() else { panic!("not revoked") };
            assert_eq!(format!("{date} {}", reason.unwrap()), "2025-03-01T00:00:00Z keyCompromise");
            assert_eq!(accept(&world.ca).status(), CertStatus::Unknown);
        }
    }
}

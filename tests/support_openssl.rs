//! The input that `tests/support/openssl.rs` makes is what it says, by the word of `openssl` itself.

use openssl::{DocumentPki, ENTITY, KeyType, LONG, OpenSsl, Request, SIGNER, TimeStampPki};

#[path = "support/openssl.rs"]
mod openssl;

#[test]
fn a_document_pki_of_every_kind_of_key() {
    for key in KeyType::ALL {
        let Some(openssl) = OpenSsl::in_folder(&format!("documents-{key:?}")) else { return };
        let pki = DocumentPki::new(&openssl, key);
        openssl.run(&["verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "ministry.pem", "signer.pem"]);
        let shown = openssl.run(&["x509", "-in", "signer.pem", "-noout", "-text", "-nameopt", "RFC2253,-esc_msb,utf8"]);
        let shown = String::from_utf8(shown).unwrap();
        assert!(shown.contains(&format!("organizationIdentifier={ENTITY},O=وزارة العدل,C=SY")), "{shown}");
        assert!(shown.contains("Not After : Dec 31 23:59:59 2049 GMT"), "{shown}");
        assert_eq!(pki.chain_der()[0], pki.signer.certificate_der());
        assert!(pki.signer.key_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
    }
}

#[test]
fn two_that_ask_for_a_folder_of_one_name_have_two() {
    let (Some(one), Some(other)) = (OpenSsl::in_folder("twice"), OpenSsl::in_folder("twice")) else { return };
    one.write("key.pem", "a key");
    other.write("key.pem", "another");
    assert_eq!(one.read("key.pem"), b"a key");
}

#[test]
fn a_certificate_out_of_its_time() {
    let Some(openssl) = OpenSsl::in_folder("expired") else { return };
    let key = KeyType::P256;
    let pki = DocumentPki::new(&openssl, key);
    let validity = ("20200101000000Z", "20210101000000Z");
    let request = Request {
        name: "old",
        subject: "/C=SY/CN=Old",
        key,
        issuer: Some(&pki.ministry),
        extensions: &SIGNER,
        validity,
    };
    openssl.issue(&request);
    let verify =
        |file: &str| openssl.try_run(&["verify", "-CAfile", "root.pem", "-untrusted", "ministry.pem", file], &[]);
    let said = verify("old.pem").unwrap_err();
    assert!(said.contains("certificate has expired"), "{said}");
    openssl.issue(&Request { name: "new", validity: LONG, ..request });
    verify("new.pem").unwrap();
}

#[test]
fn a_time_stamp_authority_of_every_kind_of_key() {
    for key in KeyType::STAMPING {
        let Some(openssl) = OpenSsl::in_folder(&format!("stamps-{key:?}")) else { return };
        let pki = TimeStampPki::new(&openssl, key);
        openssl.write("data", "what is stamped");
        openssl.run(&["ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq"]);
        let response = pki.reply(&openssl.read("query.tsq"));
        openssl.write("reply.tsr", response);
        openssl.run(&["ts", "-reply", "-in", "reply.tsr", "-token_out", "-out", "token.tst"]);
        let token = openssl.read("token.tst");
        pki.verify(&token, b"what is stamped").unwrap();
        let said = pki.verify(&token, b"what is not").unwrap_err();
        assert!(said.contains("message imprint mismatch"), "{said}");
    }
}

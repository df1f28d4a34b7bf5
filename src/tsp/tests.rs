//! Requests, answers and tokens of the authority in the process, altered in one place, and judged.

#![cfg(feature = "issue")]

use std::ops::Range;

use crate::budget::{Budget, Limits};
use crate::cms::ToBeSigned;
use crate::cms::fixture::{CA, Holder, Node, Profile, TIME_STAMPING, TSA};
use crate::crypto::{AlgorithmConstraints, JwsAlgorithm, SignerError, SoftwareKey};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::der::{Tag, Writer};
use crate::oid::{self, Oid};
use crate::time::Instant;
use crate::tsp::{
    Accuracy, Authority, AuthorityError, ExtensionError, MessageImprintError, Nonce, PkiFailureInfo, PkiStatus,
    ProofOfExistence, RequestError, RequestMismatch, RequestTokenError, RequestedCertificates, ResponseError,
    SerialNumber, StampedData, TimeStampError, TimeStampRequest, TimeStampResponse, TimeStampToken, Transport,
    TransportError, TstInfo, TstInfoError, VerificationInputs, request_token, verify,
};
use crate::x509::ocsp::{OcspResponse, fixture};
use crate::x509::path::{PathSettings, Purpose, RevocationPolicy};
use crate::x509::revocation::RevocationEvidence;
use crate::x509::{AnchorScope, AnchorUse, TrustAnchor, TrustStore};

const DATA: &[u8] = b"what is stamped";

fn policy() -> Oid {
    "1.3.6.1.4.1.55555.2".parse().unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn digest() -> Digest {
    DigestAlgorithm::Sha256.digest(DATA)
}

fn request() -> TimeStampRequest {
    TimeStampRequest::new(&digest())
}

/// An authority under a root; the root is left out of its chain.
fn authority() -> Authority<SoftwareKey> {
    let root = Holder::new(&Profile::new("Root", CA), None);
    let tsa = Holder::new(&Profile::new("TSA", TSA), Some(&root));
    Authority::new(tsa.key, vec![tsa.certificate], policy()).unwrap()
}

fn answer(authority: &Authority<SoftwareKey>, request: &[u8]) -> TimeStampResponse {
    let response = authority.respond(request, at("2026-06-01T12:00:00.25Z"), &SerialNumber::from(7));
    TimeStampResponse::from_der(&response, &Limits::default()).unwrap()
}

fn token(authority: &Authority<SoftwareKey>, request: &TimeStampRequest) -> TimeStampToken {
    answer(authority, request.as_der()).into_token_for(request).unwrap()
}

#[test]
fn a_token_says_what_was_asked_and_given() {
    let nonce = Nonce::from_be_octets(&[0xd5, 0x67]);
    let asked = request().with_nonce(nonce.clone()).with_policy(policy());
    let authority = authority().with_accuracy(Accuracy::from_micros(1_500_001)).with_ordering().with_tsa_name();
    let token = token(&authority, &asked);
    let tst_info = token.unverified_tst_info();
    assert_eq!(tst_info.message_imprint(), &digest());
    assert_eq!(tst_info.nonce(), Some(&nonce));
    assert_eq!(tst_info.policy(), &policy());
    assert_eq!(tst_info.serial_number().to_string(), "0x07");
    assert_eq!(tst_info.gen_time(), at("2026-06-01T12:00:00.25Z"));
    assert_eq!(tst_info.latest(), at("2026-06-01T12:00:01.750001Z"));
    assert_eq!(tst_info.accuracy().unwrap().to_string(), "1.500001 s");
    assert!(tst_info.ordering());
    let subject = token.certificates()[0].subject().as_der();
    assert!(tst_info.tsa_der().unwrap().ends_with(subject));
    let signature = token.verify_signature(&[], &AlgorithmConstraints::default()).unwrap();
    assert_eq!(signature.signer(), &token.certificates()[0]);
}

#[test]
fn a_token_says_nothing_that_was_not_asked() {
    let authority = authority();
    let token = token(&authority, &request().with_certificates(RequestedCertificates::LeftOut));
    let tst_info = token.unverified_tst_info();
    assert_eq!((tst_info.nonce(), tst_info.accuracy(), tst_info.tsa_der()), (None, None, None));
    assert_eq!(tst_info.latest(), tst_info.gen_time());
    assert!(!tst_info.ordering() && token.certificates().is_empty());
    let error = token.verify_signature(&[], &AlgorithmConstraints::default()).unwrap_err();
    assert_eq!(error.to_string(), "time-stamp: CMS: the certificate of the signer is not at hand");
}

#[test]
fn the_imprint_is_that_of_the_data() {
    let token = token(&authority(), &request());
    assert_eq!(token.check_imprint(StampedData::Octets(&[DATA])), Ok(()));
    assert_eq!(token.check_imprint(StampedData::Octets(&[b"what is ", b"", b"stamped"])), Ok(()));
    assert_eq!(token.check_imprint(StampedData::Digest(&digest())), Ok(()));
    let found = DigestAlgorithm::Sha256.digest(b"other");
    assert_eq!(
        token.check_imprint(StampedData::Octets(&[b"other"])).unwrap_err().to_string(),
        format!("time-stamp: it is for SHA-256 {}, the data has {found}", digest())
    );
    let sha_384 = DigestAlgorithm::Sha384.digest(DATA);
    assert_eq!(
        token.check_imprint(StampedData::Digest(&sha_384)).unwrap_err().to_string(),
        "time-stamp: it is for a digest by SHA-256, the digest given is by another algorithm"
    );
}

#[test]
fn a_request_is_read_as_it_was_made() {
    let made = request().with_policy(policy()).with_nonce(Nonce::from_be_octets(&[1; 8]));
    let read = |made: &TimeStampRequest| TimeStampRequest::from_der(made.as_der(), &Limits::default()).unwrap();
    assert_eq!(read(&made), made);
    let made = made.with_certificates(RequestedCertificates::LeftOut);
    assert_eq!(read(&made), made);
    assert_eq!(made.certificates(), RequestedCertificates::LeftOut);
}

/// What the authority answers when the request is altered.
fn rejected(alter: impl FnOnce(&mut Node)) -> String {
    let mut tree = Node::parse(request().as_der());
    alter(&mut tree);
    let response = answer(&authority(), &tree.to_der());
    assert_eq!(response.status(), PkiStatus::Rejection);
    response.into_token().unwrap_err().to_string()
}

#[test]
fn each_reason_for_rejection_has_its_failure_and_its_words() {
    let text = |failure: &str, text: &str| format!("time-stamp response: rejection ({failure}): \"{text}\"");
    assert_eq!(
        rejected(|tree| tree.children[0].contents = vec![2]),
        text("badRequest", "time-stamp request: version 2, expected 1")
    );
    let with_hash = |oid: &'static [u8], octets: usize| {
        rejected(move |tree| {
            tree.at(&[1, 0, 0]).contents = oid.to_vec();
            tree.at(&[1, 1]).contents = vec![1; octets];
        })
    };
    assert_eq!(
        with_hash(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05], 16),
        text("badAlg", "time-stamp request: message imprint: hash function 1.2.840.113549.2.5 is not supported")
    );
    assert!(with_hash(&[0x2b, 0x0e, 0x03, 0x02, 0x1a], 20).contains("rejection (badAlg)"));
    assert_eq!(
        rejected(|tree| tree.at(&[1, 1]).contents = vec![1; 31]),
        text("badDataFormat", "time-stamp request: message imprint: digest: 31 octets, SHA-256 has 32")
    );
    let policy = Node { tag: Tag::OBJECT_IDENTIFIER, contents: vec![0x2a, 3], children: Vec::new() };
    assert_eq!(
        rejected(|tree| tree.children.insert(2, policy)),
        text("unacceptedPolicy", "policy 1.2.3 is not that of this authority, 1.3.6.1.4.1.55555.2")
    );
    assert_eq!(
        rejected(|tree| tree.children.push(extensions(0, &[&[0x2a, 3]]))),
        text("unacceptedExtension", "extension 1.2.3 is not known")
    );
    assert_eq!(
        rejected(|tree| tree.children.push(extensions(0, &[&[0x2a, 3], &[0x2a, 3]]))),
        text("badDataFormat", "time-stamp request: extension 1.2.3 stands twice")
    );
    assert_eq!(
        rejected(|tree| tree.children[2].contents = vec![0]),
        text("badDataFormat", "time-stamp request: DER at octet 56: a component that equals its default is encoded")
    );
    let empty = answer(&authority(), &[]);
    assert_eq!(empty.failures(), [PkiFailureInfo::BadDataFormat]);
    assert_eq!(empty.texts(), ["time-stamp request: DER at octet 0: the input ends where a tag is expected"]);
}

/// Extensions under the context tag `number`, critical, one for each identifier.
fn extensions(number: u32, ids: &[&[u8]]) -> Node {
    let mut writer = Writer::new();
    writer.constructed(Tag::context_constructed(number), |all| {
        for id in ids {
            all.constructed(Tag::SEQUENCE, |extension| {
                extension.value(Tag::OBJECT_IDENTIFIER, id);
                extension.boolean_true();
                extension.octet_string(&[]);
            });
        }
    });
    Node::parse(&writer.into_der())
}

#[test]
fn no_time_stamp_outside_the_validity_of_the_certificate() {
    let authority = authority();
    let answered = |time: &str| {
        let response = authority.respond(request().as_der(), at(time), &SerialNumber::from(1));
        TimeStampResponse::from_der(&response, &Limits::default()).unwrap()
    };
    assert_eq!(answered("2020-01-01T00:00:00Z").status(), PkiStatus::Granted);
    assert_eq!(answered("2049-12-31T23:59:59.9Z").status(), PkiStatus::Granted);
    let late = answered("2050-01-01T00:00:00Z");
    assert_eq!(late.failures(), [PkiFailureInfo::SystemFailure]);
    assert_eq!(late.texts(), ["the certificate of the authority is not valid at 2050-01-01T00:00:00Z"]);
    assert_eq!(answered("2019-12-31T23:59:59.9Z").status(), PkiStatus::Rejection);
}

#[test]
fn an_authority_needs_a_fitting_certificate() {
    let refused = |extensions: &[(Oid, bool, &[u8])]| {
        let tsa = Holder::new(&Profile::new("TSA", extensions), None);
        Authority::new(tsa.key, vec![tsa.certificate], policy()).unwrap_err()
    };
    let [identifier, usage, _] = TSA else { unreachable!() };
    assert_eq!(
        refused(std::slice::from_ref(usage)).to_string(),
        "time-stamp authority: certificate CN=TSA: not for time-stamping: extKeyUsage is absent"
    );
    assert_eq!(refused(&[(oid::CE_EXT_KEY_USAGE, false, TIME_STAMPING)]).code(), "path-ext-key-usage-not-critical");
    let two: &[u8] = &[
        0x30, 0x14, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05,
        0x05, 0x07, 0x03, 0x04,
    ];
    assert_eq!(
        refused(&[(oid::CE_EXT_KEY_USAGE, true, two)]).to_string(),
        "time-stamp authority: certificate CN=TSA: not for time-stamping: extKeyUsage is timeStamping, emailProtection"
    );
    for (bits, fits) in [(0x40, true), (0xc0, true), (0xe0, false), (0x20, false)] {
        let key_usage = (oid::CE_KEY_USAGE, true, &[0x03, 0x02, u8::try_from(bits_unused(bits)).unwrap(), bits][..]);
        let extensions = [identifier.clone(), key_usage, (oid::CE_EXT_KEY_USAGE, true, TIME_STAMPING)];
        let tsa = Holder::new(&Profile::new("TSA", &extensions), None);
        let made = Authority::new(tsa.key, vec![tsa.certificate], policy());
        assert_eq!(made.err().map(|error| error.code()), (!fits).then_some("path-key-usage"), "{bits:#x}");
    }
    let (tsa, other) = (Holder::new(&Profile::new("TSA", TSA), None), Holder::new(&Profile::new("TSA", TSA), None));
    assert_eq!(
        Authority::new(&tsa.key, vec![other.certificate, tsa.certificate.clone()], policy()).unwrap_err(),
        AuthorityError::KeyMismatch
    );
    assert_eq!(Authority::new(&tsa.key, vec![], policy()).unwrap_err(), AuthorityError::ChainEmpty);
}

fn bits_unused(bits: u8) -> u32 {
    bits.trailing_zeros()
}

#[test]
fn a_signer_that_lies_is_found_out() {
    struct Liar(SoftwareKey);
    impl crate::crypto::Signer for Liar {
        fn public_key(&self) -> &crate::crypto::PublicKey {
            self.0.public_key()
        }
        fn algorithm(&self) -> JwsAlgorithm {
            self.0.algorithm()
        }
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
            self.0.sign(b"something else")
        }
    }
    let tsa = Holder::new(&Profile::new("TSA", TSA), None);
    let authority = Authority::new(Liar(tsa.key), vec![tsa.certificate], policy()).unwrap();
    let response = authority.respond(request().as_der(), at("2026-06-01T12:00:00Z"), &SerialNumber::from(1));
    let response = TimeStampResponse::from_der(&response, &Limits::default()).unwrap();
    assert_eq!(response.failures(), [PkiFailureInfo::SystemFailure]);
    assert!(response.texts()[0].starts_with("time-stamp: CMS: "), "{:?}", response.texts());
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let authority = authority();
    let refused = |asked: &TimeStampRequest, answered: &TimeStampRequest| {
        answer(&authority, answered.as_der()).into_token_for(asked).unwrap_err().to_string()
    };
    let nonce = |octet: u8| Nonce::from_be_octets(&[octet]);
    let other = TimeStampRequest::new(&DigestAlgorithm::Sha512.digest(DATA));
    assert_eq!(
        refused(&request(), &other),
        format!(
            "time-stamp response: the time-stamp is for SHA-512 {}, the request for SHA-256 {}",
            DigestAlgorithm::Sha512.digest(DATA),
            digest()
        )
    );
    let expected = "time-stamp response: the time-stamp does not have the nonce 0x01 of the request";
    assert_eq!(refused(&request().with_nonce(nonce(1)), &request().with_nonce(nonce(2))), expected);
    assert_eq!(refused(&request().with_nonce(nonce(1)), &request()), expected);
    assert_eq!(
        refused(&request().with_policy("1.2.3".parse().unwrap()), &request()),
        "time-stamp response: the time-stamp is under policy 1.3.6.1.4.1.55555.2, the request asked for 1.2.3"
    );
    assert_eq!(
        refused(&request(), &request().with_certificates(RequestedCertificates::LeftOut)),
        "time-stamp response: the time-stamp does not hold the certificate that the request asked for"
    );
}

#[test]
fn a_token_is_requested_over_a_transport() {
    struct Broken;
    impl Transport for Broken {
        fn exchange(&self, _: &[u8]) -> Result<Vec<u8>, TransportError> {
            Err(TransportError::new("HTTP status 503"))
        }
    }
    let authority = authority();
    let transport = authority.transport(|| (at("2026-06-01T12:00:00Z"), SerialNumber::from(3)));
    let token = request_token(&transport, &request(), &Limits::default()).unwrap();
    assert_eq!(token.unverified_tst_info().serial_number(), &SerialNumber::from(3));
    let error = request_token(&Broken, &request(), &Limits::default()).unwrap_err();
    assert_eq!(error, RequestTokenError::Transport(TransportError::new("HTTP status 503")));
    assert_eq!(error.to_string(), "time-stamp transport: HTTP status 503");
}

/// What is said of a response whose status is altered.
fn response_refused(alter: impl FnOnce(&mut Node)) -> ResponseError {
    let response = authority().respond(request().as_der(), at("2026-06-01T12:00:00Z"), &SerialNumber::from(1));
    let mut tree = Node::parse(&response);
    alter(&mut tree);
    TimeStampResponse::from_der(&tree.to_der(), &Limits::default()).and_then(TimeStampResponse::into_token).unwrap_err()
}

#[test]
fn status_and_token_must_agree() {
    let failure = |octets: &[u8]| Node { tag: Tag::BIT_STRING, contents: octets.to_vec(), children: Vec::new() };
    assert_eq!(response_refused(|tree| tree.children.truncate(1)), ResponseError::TokenMissing);
    assert_eq!(
        response_refused(|tree| tree.at(&[0, 0]).contents = vec![3]).to_string(),
        "time-stamp response: waiting, and yet there is a token"
    );
    assert_eq!(response_refused(|tree| tree.at(&[0, 0]).contents = vec![6]), ResponseError::UnknownStatus { found: 6 });
    assert_eq!(
        response_refused(|tree| tree.children[0].children.push(failure(&[0x07, 0x80]))),
        ResponseError::FailureWithToken
    );
    assert_eq!(
        response_refused(|tree| {
            tree.children.truncate(1);
            tree.at(&[0, 0]).contents = vec![2];
            tree.children[0].children.push(failure(&[0x06, 0x40]));
        }),
        ResponseError::UnknownFailure { bit: 1 }
    );
    assert_eq!(
        response_refused(|tree| {
            tree.children.truncate(1);
            tree.at(&[0, 0]).contents = vec![5];
        })
        .to_string(),
        "time-stamp response: revocationNotification (no reason given): \"\""
    );
    let mut granted =
        Node::parse(&authority().respond(request().as_der(), at("2026-06-01T12:00:00Z"), &SerialNumber::from(1)));
    granted.at(&[0, 0]).contents = vec![1];
    let response = TimeStampResponse::from_der(&granted.to_der(), &Limits::default()).unwrap();
    assert_eq!(response.status(), PkiStatus::GrantedWithMods);
    assert!(response.into_token().is_ok());
}

/// A TSTInfo with accuracy and nonce, altered: children are version, policy, messageImprint, serialNumber, genTime,
/// accuracy, nonce.
fn tst_info_refused(alter: impl FnOnce(&mut Node)) -> Result<TstInfo, String> {
    let authority = authority().with_accuracy(Accuracy::from_micros(1_002_003));
    let token = token(&authority, &request().with_nonce(Nonce::from_be_octets(&[1])));
    let mut tree = Node::parse(token.as_der());
    let mut tst_info = Node::parse(&tree.at(&[1, 0, 2, 1, 0]).contents);
    alter(&mut tst_info);
    TstInfo::from_der(&tst_info.to_der(), &Limits::default()).map_err(|error| error.to_string())
}

#[test]
fn each_rule_of_tst_info_has_its_message() {
    let gen_time = |text: &str| tst_info_refused(|tree| tree.children[4].contents = text.into());
    let form = "TSTInfo: DER at octet 70: GeneralizedTime is not of the form YYYYMMDDHHMMSS[.s]Z".to_owned();
    for text in [
        "20260601120000",
        "20260601120000+0100",
        "20260601120000.50Z",
        "20260601120000.0Z",
        "20260601120000.Z",
        "20260601120000,5Z",
        "202606011200Z",
    ] {
        assert_eq!(gen_time(text), Err(form.clone()), "{text}");
    }
    assert_eq!(gen_time("20260601120000.000000001Z").unwrap().gen_time().nanosecond(), 1);
    assert_eq!(
        gen_time("99991231235959Z").unwrap_err(),
        "TSTInfo: 9999-12-31T23:59:59Z plus the accuracy is after the year 9999"
    );
    assert_eq!(
        tst_info_refused(|tree| tree.children[0].contents = vec![2]).unwrap_err(),
        "TSTInfo: version 2, expected 1"
    );
    assert_eq!(
        tst_info_refused(|tree| tree.children[3].contents = vec![1; 21]).unwrap_err(),
        "TSTInfo: serial number: more than 160 bits"
    );
    let ordering = Node { tag: Tag::BOOLEAN, contents: vec![0], children: Vec::new() };
    assert!(
        tst_info_refused(|tree| tree.children.insert(6, ordering))
            .unwrap_err()
            .ends_with("a component that equals its default is encoded")
    );
    assert_eq!(
        tst_info_refused(|tree| tree.children.push(extensions(1, &[&[0x2a, 3]]))).unwrap_err(),
        "TSTInfo: critical extension 1.2.3 is not known"
    );
    let optional = |tree: &mut Node| {
        let mut all = extensions(1, &[&[0x2a, 3]]);
        all.children[0].children.remove(1);
        tree.children.push(all);
    };
    assert!(tst_info_refused(optional).is_ok());
    assert_eq!(
        tst_info_refused(|tree| tree.children.push(extensions(1, &[]))).unwrap_err(),
        "TSTInfo: the list of extensions is empty"
    );
    assert_eq!(
        tst_info_refused(|tree| tree.at(&[2, 1]).contents = vec![0; 48]).unwrap_err(),
        "TSTInfo: message imprint: digest: 48 octets, SHA-256 has 32"
    );
}

#[test]
fn the_accuracy_is_in_its_range() {
    for (position, component) in [(1, "millis"), (2, "micros")] {
        for (contents, found) in [(vec![0], 0), (vec![0x03, 0xe8], 1000)] {
            assert_eq!(
                tst_info_refused(|tree| tree.at(&[5, position]).contents = contents).unwrap_err(),
                format!("TSTInfo: accuracy: {component} is {found}, not in 1 to 999")
            );
        }
    }
    let most = tst_info_refused(|tree| {
        tree.at(&[5, 1]).contents = vec![0x03, 0xe7];
        tree.at(&[5, 2]).contents = vec![0x03, 0xe7];
    });
    assert_eq!(most.unwrap().accuracy().unwrap().to_string(), "1.999999 s");
    assert!(tst_info_refused(|tree| tree.at(&[5, 0]).contents = vec![0xff]).unwrap_err().contains("range 0 to"));
}

#[test]
fn a_token_over_something_else_is_refused() {
    let mut tree = Node::parse(token(&authority(), &request()).as_der());
    tree.at(&[1, 0, 2, 0]).contents = oid::ID_CONTENT_TYPE.as_der_contents().to_vec();
    let error = TimeStampToken::from_der(&tree.to_der(), &Limits::default()).unwrap_err();
    assert_eq!(error, TimeStampError::ContentType { found: oid::ID_CONTENT_TYPE });
    assert_eq!(error.to_string(), "time-stamp: the content is of type 1.2.840.113549.1.9.3, expected TSTInfo");
}

#[test]
fn a_request_cut_short_anywhere_is_refused_without_a_panic() {
    let whole = request().with_nonce(Nonce::from_be_octets(&[9; 8]));
    for length in 0..whole.as_der().len() {
        let cut = &whole.as_der()[..length];
        assert!(matches!(TimeStampRequest::from_der(cut, &Limits::default()), Err(RequestError::Der(_))));
    }
}

/// A PKI with an intermediate CA, and what judges its tokens with nothing but the root.
struct Judge {
    authority: Authority<SoftwareKey>,
    trust_store: TrustStore,
    settings: PathSettings,
}

impl Judge {
    fn new() -> Self {
        let root = Holder::new(&Profile::new("Root", CA), None);
        let middle = Holder::new(&Profile::new("Middle", CA), Some(&root));
        let tsa = Holder::new(&Profile::new("TSA", TSA), Some(&middle));
        let chain = vec![tsa.certificate, middle.certificate];
        Self {
            authority: Authority::new(tsa.key, chain, policy()).unwrap(),
            trust_store: TrustStore::from_iter([TrustAnchor::from_certificate(root.certificate)]),
            settings: PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip),
        }
    }

    fn judge(&self, token: &[u8]) -> Result<ProofOfExistence, TimeStampError> {
        let token = TimeStampToken::from_der(token, &Limits::default())?;
        verify(&token, &self.inputs(), &mut Budget::new(&Limits::default()))
    }

    fn inputs(&self) -> VerificationInputs<'_> {
        let data = StampedData::Octets(&[DATA]);
        VerificationInputs::new(data, &self.trust_store, &self.settings, at("2026-07-01T00:00:00Z"))
    }
}

#[test]
fn no_octet_of_a_token_can_be_altered() {
    let judge = Judge::new();
    let token = token(&judge.authority, &request());
    assert_eq!(judge.judge(token.as_der()).unwrap().path().certificates().len(), 2);
    let der = token.as_der();
    let mut tree = Node::parse(der);
    let mut covered = vec![
        tree.at(&[1, 0, 2, 1, 0]).contents.clone(),
        tree.at(&[1, 0, 4, 0, 3]).to_der(),
        tree.at(&[1, 0, 4, 0, 5]).contents.clone(),
    ];
    covered.extend(token.certificates().iter().map(|certificate| certificate.as_der().to_vec()));
    let covered = covered.iter().map(|part| {
        let start = der.windows(part.len()).position(|window| window == part).unwrap();
        start..start + part.len()
    });
    let covered: Vec<Range<usize>> = covered.collect();
    let mut altered = der.to_vec();
    for position in 0..der.len() {
        // Where a signature covers, each bit; elsewhere every other octet there is.
        let others: Vec<u8> = if covered.iter().any(|part| part.contains(&position)) {
            (0..8).map(|bit| der[position] ^ (1 << bit)).collect()
        } else {
            (0..=255).filter(|octet| *octet != der[position]).collect()
        };
        for other in others {
            altered[position] = other;
            assert!(judge.judge(&altered).is_err(), "octet {position}: {:#04x} as {other:#04x}", der[position]);
        }
        altered[position] = der[position];
    }
    for length in 0..der.len() {
        assert!(judge.judge(&der[..length]).is_err(), "cut to {length} octets");
    }
    assert!(judge.judge(&[der, &[0]].concat()).is_err());
}

/// What a test has otherwise than [`judged`] has it.
#[derive(Default)]
struct Otherwise<'a> {
    data: Option<StampedData<'a>>,
    request: Option<&'a TimeStampRequest>,
    policies: Option<&'a [Oid]>,
    trust_store: Option<&'a TrustStore>,
    at: Option<Instant>,
}

/// What is said of a token over the TSTInfo that `alter` leaves, by a certificate with `extensions` right under the root.
fn judged(
    extensions: &[(Oid, bool, &[u8])],
    alter: impl FnOnce(&mut Node),
    otherwise: &Otherwise<'_>,
) -> Result<ProofOfExistence, String> {
    let root = Holder::new(&Profile::new("Root", CA), None);
    let tsa = Holder::new(&Profile::new("TSA", extensions), Some(&root));
    let mut made = Node::parse(token(&authority(), &request().with_nonce(Nonce::from_be_octets(&[1]))).as_der());
    let mut tst_info = Node::parse(&made.at(&[1, 0, 2, 1, 0]).contents);
    alter(&mut tst_info);
    let content = tst_info.to_der();
    let to_be_signed = ToBeSigned {
        content_type: &oid::ID_CT_TST_INFO,
        content: &content,
        certificate: &tsa.certificate,
        included: std::slice::from_ref(&tsa.certificate),
    };
    let token = TimeStampToken::from_der(&to_be_signed.sign(&tsa.key).unwrap(), &Limits::default()).unwrap();
    let trust_store = TrustStore::from_iter([TrustAnchor::from_certificate(root.certificate)]);
    // Whatever purpose is set, that of time-stamps is asked for.
    let settings = PathSettings::new(Purpose::Any, RevocationPolicy::Skip);
    let data = otherwise.data.unwrap_or(StampedData::Octets(&[DATA]));
    let trust_store = otherwise.trust_store.unwrap_or(&trust_store);
    let at = otherwise.at.unwrap_or(at("2026-06-01T12:00:00.25Z"));
    let mut inputs = VerificationInputs::new(data, trust_store, &settings, at);
    (inputs.request, inputs.policies) = (otherwise.request, otherwise.policies);
    verify(&token, &inputs, &mut Budget::new(&Limits::default())).map_err(|error| error.to_string())
}

fn said(alter: impl FnOnce(&mut Node), otherwise: &Otherwise<'_>) -> String {
    judged(TSA, alter, otherwise).map_or_else(|error| error, |proof| proof.latest().to_string())
}

#[test]
fn each_step_of_verification_has_its_message() {
    let as_it_is = |_: &mut Node| {};
    assert_eq!(said(as_it_is, &Otherwise::default()), "2026-06-01T12:00:00.25Z");
    assert_eq!(
        said(as_it_is, &Otherwise { data: Some(StampedData::Octets(&[])), ..Otherwise::default() }),
        format!("time-stamp: it is for SHA-256 {}, the data has {}", digest(), DigestAlgorithm::Sha256.digest(b""))
    );
    let sha_1 = |tree: &mut Node| {
        tree.at(&[2, 0, 0]).contents = oid::ID_SHA1.as_der_contents().to_vec();
        tree.at(&[2, 1]).contents = DigestAlgorithm::Sha1.digest(DATA).as_octets().to_vec();
    };
    assert!(
        said(sha_1, &Otherwise::default()).starts_with("time-stamp: message imprint: "),
        "{}",
        said(sha_1, &Otherwise::default())
    );
    let other = request().with_nonce(Nonce::from_be_octets(&[2]));
    assert_eq!(
        said(as_it_is, &Otherwise { request: Some(&other), ..Otherwise::default() }),
        "time-stamp: the time-stamp does not have the nonce 0x02 of the request"
    );
    let (accepted, others) = ([oid::ANY_POLICY, policy()], [oid::ANY_POLICY]);
    assert_eq!(
        said(as_it_is, &Otherwise { policies: Some(&accepted), ..Otherwise::default() }),
        "2026-06-01T12:00:00.25Z"
    );
    assert_eq!(
        said(as_it_is, &Otherwise { policies: Some(&others), ..Otherwise::default() }),
        "time-stamp: policy 1.3.6.1.4.1.55555.2 is not accepted"
    );
    let nobody = TrustStore::default();
    assert_eq!(
        said(as_it_is, &Otherwise { trust_store: Some(&nobody), ..Otherwise::default() }),
        "time-stamp: certificate CN=TSA: its issuer CN=Root is neither trusted nor among the certificates given"
    );
    assert_eq!(
        said(as_it_is, &Otherwise { at: Some(at("2026-06-01T12:00:00.249999999Z")), ..Otherwise::default() }),
        "time-stamp: its time 2026-06-01T12:00:00.25Z is after the time of validation 2026-06-01T12:00:00.249999999Z"
    );
    assert_eq!(
        said(|tree| tree.children[4].contents = b"20191231235959.999Z".to_vec(), &Otherwise::default()),
        "time-stamp: trust anchor CN=Root: not valid before 2020-01-01T00:00:00Z, judged at 2019-12-31T23:59:59.999Z"
    );
}

#[test]
fn only_a_certificate_for_time_stamps_alone_makes_them() {
    let refused = |extensions: &[(Oid, bool, &[u8])]| judged(extensions, |_| {}, &Otherwise::default()).unwrap_err();
    let document_signing: &[u8] = &[0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24];
    let identifier = (oid::CE_SUBJECT_KEY_IDENTIFIER, false, &[0x04, 0x01, 7][..]);
    let key_encipherment: &[u8] = &[0x03, 0x02, 0x05, 0x20];
    let refusals = [
        (vec![identifier], "extKeyUsage is absent"),
        (vec![(oid::CE_EXT_KEY_USAGE, false, TIME_STAMPING)], "extKeyUsage is not critical"),
        (vec![(oid::CE_EXT_KEY_USAGE, true, document_signing)], "extKeyUsage is documentSigning"),
        (
            vec![(oid::CE_EXT_KEY_USAGE, true, TIME_STAMPING), (oid::CE_KEY_USAGE, true, key_encipherment)],
            "keyUsage is keyEncipherment",
        ),
    ];
    for (extensions, reason) in refusals {
        assert_eq!(refused(&extensions), format!("time-stamp: certificate CN=TSA: not for time-stamping: {reason}"));
    }
}

#[test]
fn the_name_of_the_authority_is_in_its_certificate() {
    let named = |general_name: &'static [u8]| {
        move |tree: &mut Node| {
            let children = vec![Node::parse(general_name)];
            tree.children.push(Node { tag: Tag::context_constructed(0), contents: Vec::new(), children });
        }
    };
    let host: &[u8] = b"\x82\x08tsa.test";
    let names = [&[0x30, 0x0a], host].concat();
    let with_host = [TSA, &[(oid::CE_SUBJECT_ALT_NAME, false, &names)]].concat();
    let subject = b"\xa4\x10\x30\x0e\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03TSA";
    let another = b"\xa4\x10\x30\x0e\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03TSB";
    let refused = "time-stamp: the name of the authority is not in its certificate";
    assert!(judged(TSA, named(subject), &Otherwise::default()).is_ok());
    assert_eq!(judged(TSA, named(another), &Otherwise::default()).unwrap_err(), refused);
    assert!(judged(&with_host, named(b"\x82\x08tsa.test"), &Otherwise::default()).is_ok());
    assert_eq!(judged(TSA, named(b"\x82\x08tsa.test"), &Otherwise::default()).unwrap_err(), refused);
    assert_eq!(judged(&with_host, named(b"\x82\x08TSA.test"), &Otherwise::default()).unwrap_err(), refused);
}

#[test]
fn the_signer_may_come_from_the_pool() {
    let judge = Judge::new();
    let short = token(&judge.authority, &request().with_certificates(RequestedCertificates::LeftOut));
    let chain = token(&judge.authority, &request());
    let error = judge.judge(short.as_der()).unwrap_err();
    assert_eq!(error.code(), "cms-signer-not-found");
    let mut inputs = judge.inputs();
    inputs.pool = chain.certificates();
    let proof = verify(&short, &inputs, &mut Budget::new(&Limits::default())).unwrap();
    assert_eq!((proof.time(), proof.imprint(), proof.policy()), (at("2026-06-01T12:00:00.25Z"), &digest(), &policy()));
    assert_eq!((proof.accuracy(), proof.serial_number()), (None, &SerialNumber::from(7)));
}

#[test]
fn a_proof_has_the_accuracy_of_the_time_stamp() {
    let mut judge = Judge::new();
    judge.authority = judge.authority.with_accuracy(Accuracy::from_micros(1_500_001));
    let proof = judge.judge(token(&judge.authority, &request()).as_der()).unwrap();
    assert_eq!(proof.accuracy(), Some(Accuracy::from_micros(1_500_001)));
    assert_eq!(proof.latest(), at("2026-06-01T12:00:01.750001Z"));
}

#[test]
fn an_anchor_for_documents_alone_is_none_for_time_stamps() {
    let mut judge = Judge::new();
    // Whatever use is set, that for time-stamps is asked for.
    judge.settings.anchor_use = Some(AnchorUse::Documents);
    let token = token(&judge.authority, &request());
    assert!(judge.judge(token.as_der()).is_ok());
    let scope = AnchorScope::default().with_uses([AnchorUse::Documents]);
    judge.trust_store = judge.trust_store.anchors().iter().map(|one| one.clone().with_scope(scope.clone())).collect();
    assert_eq!(
        judge.judge(token.as_der()).unwrap_err().to_string(),
        "time-stamp: trust anchor CN=Root: trusted for documents, used for time-stamps"
    );
}

#[test]
fn a_token_carries_revocation_information() {
    let bare = token(&authority(), &request());
    let evidence = RevocationEvidence::new(Vec::new(), vec![fixture::revoked()]);
    let limits = Limits::default();
    let carrying = bare.with_revocation(&evidence, &limits).unwrap();
    let responses = |token: &TimeStampToken, given: Option<&RevocationEvidence>| {
        let evidence = token.revocation_evidence(given, &limits);
        assert!(evidence.crls().is_empty());
        let same = |response: &OcspResponse| response.as_der() == fixture::revoked().as_der();
        assert!(evidence.ocsp_responses().iter().all(same));
        evidence.ocsp_responses().len()
    };
    assert_eq!((responses(&bare, None), responses(&bare, Some(&evidence))), (0, 1));
    assert_eq!((responses(&carrying, None), responses(&carrying, Some(&evidence))), (1, 2));
    // The same octets under another identifier are something else.
    let mut tree = Node::parse(carrying.as_der());
    let format = tree.at(&[1, 0, 4, 0, 0]);
    assert_eq!(format.contents, oid::ID_RI_OCSP_RESPONSE.as_der_contents());
    format.contents = vec![0x2a, 3];
    let other = TimeStampToken::from_der(&tree.to_der(), &limits).unwrap();
    assert_eq!((other.revocation().len(), responses(&other, None)), (1, 0));
}

#[test]
fn a_refusal_tells_its_failures() {
    let mut tree = Node::parse(request().as_der());
    tree.children[0].contents = vec![2];
    let refusal = answer(&authority(), &tree.to_der()).into_token().unwrap_err();
    let ResponseError::NotGranted { status, failures, text } = refusal else { panic!("{refusal}") };
    assert_eq!((status, failures.as_slice()), (PkiStatus::Rejection, &[PkiFailureInfo::BadRequest][..]));
    assert_eq!(text, "time-stamp request: version 2, expected 1");
}

#[test]
fn each_reason_has_a_name_that_stays() {
    let length = || MessageImprintError::from(Digest::new(DigestAlgorithm::Sha256, &[0; 31]).unwrap_err());
    assert_eq!(length().code(), "message-imprint-length");
    assert_eq!(ExtensionError::Empty.code(), "extensions-empty");
    assert_eq!(ExtensionError::Duplicate { id: policy() }.code(), "extension-duplicate");
    assert_eq!(ExtensionError::TooMany { limit: 64 }.code(), "extensions-too-many");
    assert_eq!(TstInfoError::Version { found: 2 }.code(), "tst-info-version");
    assert_eq!(TstInfoError::CriticalExtension { extension: policy() }.code(), "tst-info-critical-extension");
    assert_eq!(TstInfoError::from(length()).code(), "message-imprint-length");
    assert_eq!(RequestError::Version { found: 2 }.code(), "time-stamp-request-version");
    assert_eq!(RequestError::from(ExtensionError::Empty).code(), "extensions-empty");
    let mismatches = [
        (RequestMismatch::CertificateMissing, "time-stamp-certificate-missing"),
        (RequestMismatch::Policy { expected: policy(), found: policy() }, "time-stamp-other-policy"),
        (RequestMismatch::Nonce { expected: Nonce::from_be_octets(&[1]), found: None }, "time-stamp-other-nonce"),
        (RequestMismatch::MessageImprint { expected: digest(), found: digest() }, "time-stamp-other-imprint"),
    ];
    for (mismatch, code) in mismatches {
        assert_eq!((mismatch.code(), ResponseError::from(mismatch.clone()).code()), (code, code));
    }
    assert_eq!(ResponseError::TokenMissing.code(), "time-stamp-response-token-missing");
    assert_eq!(ResponseError::FailureWithToken.code(), "time-stamp-response-failure-with-token");
    assert_eq!(RequestTokenError::from(ResponseError::TokenMissing).code(), "time-stamp-response-token-missing");
    let transport = TransportError::new("HTTP status 503");
    assert_eq!(
        (transport.code(), RequestTokenError::from(transport.clone()).code()),
        ("time-stamp-transport", "time-stamp-transport")
    );
}

#[test]
fn an_authority_shows_its_policy_and_not_its_key() {
    let authority = authority();
    let shown = format!("Authority {{ policy: {:?}, .. }}", policy());
    assert_eq!(format!("{authority:?}"), shown);
    let transport = authority.transport(|| (at("2026-06-01T12:00:00Z"), SerialNumber::from(3)));
    assert_eq!(format!("{transport:?}"), format!("AuthorityTransport {{ authority: {shown}, .. }}"));
}

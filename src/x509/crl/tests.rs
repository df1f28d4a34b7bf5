//! Lists that are read, and lists that are refused, each for one reason. The signature is not looked at here.

use super::*;
use crate::crypto::SignatureAlgorithm;
use crate::encoding::der::Writer;
use crate::oid;

type Write<'a> = &'a dyn Fn(&mut Writer);

/// The parts of a list that tests vary.
struct Parts<'a> {
    version: Option<&'a [u8]>,
    inner_algorithm: SignatureAlgorithm,
    this_update: &'a str,
    next_update: Option<&'a str>,
    entries: Option<Write<'a>>,
    extensions: Option<Write<'a>>,
}

impl Default for Parts<'_> {
    fn default() -> Self {
        Self {
            version: Some(&[1]),
            inner_algorithm: SignatureAlgorithm::Ed25519,
            this_update: "250601000000Z",
            next_update: Some("250608000000Z"),
            entries: None,
            extensions: None,
        }
    }
}

impl Parts<'_> {
    fn der(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |list| {
            list.constructed(Tag::SEQUENCE, |tbs| {
                self.version.into_iter().for_each(|version| tbs.value(Tag::INTEGER, version));
                tbs.encoded(self.inner_algorithm.algorithm_identifier_der());
                tbs.encoded(name("CA").as_der());
                tbs.value(Tag::UTC_TIME, self.this_update.as_bytes());
                self.next_update.into_iter().for_each(|time| tbs.value(Tag::UTC_TIME, time.as_bytes()));
                self.entries.into_iter().for_each(|write| tbs.constructed(Tag::SEQUENCE, write));
                self.extensions.into_iter().for_each(|write| {
                    tbs.constructed(Tag::context_constructed(0), |explicit| explicit.constructed(Tag::SEQUENCE, write));
                });
            });
            list.encoded(SignatureAlgorithm::Ed25519.algorithm_identifier_der());
            list.value(Tag::BIT_STRING, &[0; 65]);
        });
        writer.into_der()
    }

    fn read(&self) -> Result<Crl, CrlError> {
        Crl::from_der(&self.der(), &Limits::default())
    }

    fn refusal(&self) -> (String, &'static str) {
        let error = self.read().unwrap_err();
        (error.to_string(), error.code())
    }
}

fn name(common_name: &str) -> Name {
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |name| {
        name.constructed(Tag::SET, |rdn| {
            rdn.constructed(Tag::SEQUENCE, |attribute| {
                attribute.oid(&oid::AT_COMMON_NAME);
                attribute.value(Tag::UTF8_STRING, common_name.as_bytes());
            });
        });
    });
    Name::from_der(&writer.into_der()).unwrap()
}

fn extension(list: &mut Writer, id: &Oid, is_critical: bool, write: Write<'_>) {
    list.constructed(Tag::SEQUENCE, |extension| {
        extension.oid(id);
        if is_critical {
            extension.boolean_true();
        }
        let mut value = Writer::new();
        write(&mut value);
        extension.octet_string(&value.into_der());
    });
}

fn entry(list: &mut Writer, serial: &[u8], extensions: Option<Write<'_>>) {
    list.constructed(Tag::SEQUENCE, |entry| {
        entry.value(Tag::INTEGER, serial);
        entry.value(Tag::UTC_TIME, b"250301000000Z");
        extensions.into_iter().for_each(|write| entry.constructed(Tag::SEQUENCE, write));
    });
}

fn reason(list: &mut Writer, number: u8) {
    extension(list, &oid::CE_CRL_REASON, false, &|value| value.value(Tag::ENUMERATED, &[number]));
}

fn certificate_issuer(list: &mut Writer, issuer: &str) {
    extension(list, &oid::CE_CERTIFICATE_ISSUER, true, &|value| {
        value.constructed(Tag::SEQUENCE, |names| {
            names.constructed(Tag::context_constructed(4), |directory| directory.encoded(name(issuer).as_der()));
        });
    });
}

fn scope(list: &mut Writer, write: Write<'_>) {
    extension(list, &oid::CE_ISSUING_DISTRIBUTION_POINT, true, &|value| value.constructed(Tag::SEQUENCE, write));
}

fn number(list: &mut Writer, id: &Oid, is_critical: bool, number: u64) {
    extension(list, id, is_critical, &|value| value.unsigned(number));
}

#[test]
fn a_list_keeps_what_it_says() {
    let crl = Parts {
        entries: Some(&|list| {
            entry(list, &[5], Some(&|list| reason(list, 1)));
            entry(list, &[3], None);
        }),
        extensions: Some(&|list| {
            number(list, &oid::CE_CRL_NUMBER, false, 7);
            extension(list, &oid::CE_AUTHORITY_KEY_IDENTIFIER, false, &|value| {
                value.constructed(Tag::SEQUENCE, |fields| fields.value(Tag::context(0), &[1, 2, 3]));
            });
            extension(list, &oid::CE_ISSUER_ALT_NAME, false, &|value| value.constructed(Tag::SEQUENCE, |_| {}));
        }),
        ..Parts::default()
    };
    let crl = crl.read().unwrap();
    assert_eq!(format!("{crl:?}"), "Crl(CN=CA, 2025-06-01T00:00:00Z, 2 entries)");
    assert_eq!(crl.next_update().map(|time| time.to_string()).as_deref(), Some("2025-06-08T00:00:00Z"));
    assert_eq!(crl.crl_number().map(ToString::to_string).as_deref(), Some("7"));
    assert_eq!(crl.authority_key_identifier(), Some(&[1, 2, 3][..]));
    assert_eq!((crl.base_crl_number(), crl.unprocessed_critical_extension()), (None, None));
    assert_eq!(crl.signature_algorithm(), Ok(SignatureAlgorithm::Ed25519));
    let found = crl.find(&name("CA"), &[5]).unwrap().unwrap();
    assert_eq!(found.reason, Some(RevocationReason::KeyCompromise));
    assert_eq!(found.revocation_date.to_string(), "2025-03-01T00:00:00Z");
    assert_eq!(crl.find(&name("ca"), &[3]).unwrap().unwrap().reason, None);
    assert_eq!(crl.find(&name("CA"), &[4]).unwrap(), None);
    assert_eq!(crl.find(&name("Another"), &[5]).unwrap(), None);
}

#[test]
fn version_1_is_read_and_has_no_extensions() {
    let plain = Parts { version: None, next_update: None, ..Parts::default() }.read().unwrap();
    assert!(plain.is_empty() && plain.next_update().is_none());
    let with_entries = Parts { version: None, entries: Some(&|list| entry(list, &[5], None)), ..Parts::default() };
    assert_eq!(with_entries.read().unwrap().len(), 1);
    let entry_extension = Parts {
        version: None,
        entries: Some(&|list| entry(list, &[5], Some(&|list| reason(list, 1)))),
        ..Parts::default()
    };
    assert_eq!(entry_extension.refusal().1, "crl-extensions-in-version-1");
    let extensions = Parts {
        version: None,
        extensions: Some(&|list| number(list, &oid::CE_CRL_NUMBER, false, 1)),
        ..Parts::default()
    };
    assert_eq!(extensions.refusal().0, "CRL: extensions at octet 57 in a CRL of version 1");
    let explicit = Parts { version: Some(&[0]), ..Parts::default() };
    assert_eq!(explicit.refusal().0, "CRL: the version at octet 5 is not 1, which stands for v2");
    assert_eq!(Parts { version: Some(&[2]), ..Parts::default() }.refusal().1, "crl-version");
}

#[test]
fn each_rule_of_the_list_has_its_message() {
    let algorithm = Parts { inner_algorithm: SignatureAlgorithm::EcdsaSha256, ..Parts::default() };
    assert_eq!(algorithm.refusal().0, "CRL: the algorithm that was signed is not the algorithm beside the signature");
    let backwards = Parts { next_update: Some("250601000000Z"), ..Parts::default() };
    assert_eq!(
        backwards.refusal().0,
        "CRL: nextUpdate 2025-06-01T00:00:00Z is not after thisUpdate 2025-06-01T00:00:00Z"
    );
    assert!(Parts { next_update: Some("250601000001Z"), ..Parts::default() }.read().is_ok());
    let empty = Parts { entries: Some(&|_| {}), ..Parts::default() };
    assert_eq!(empty.refusal().0, "CRL: the list of revoked certificates at octet 60 is there, and empty");
    let mut trailing = Parts::default().der();
    trailing.push(0);
    assert_eq!(
        Crl::from_der(&trailing, &Limits::default()).unwrap_err().to_string(),
        "CRL: DER at octet 134: 1 trailing octets"
    );
    let der = Parts::default().der();
    let limits = |crl_octets| Limits { crl_octets, input_octets: 0, ..Limits::default() };
    assert!(Crl::from_der(&der, &limits(der.len())).is_ok());
    assert_eq!(
        Crl::from_der(&der, &limits(der.len() - 1)).unwrap_err().to_string(),
        "CRL: DER at octet 0: the input has more than 133 octets"
    );
}

#[test]
fn extensions_come_once_and_as_critical_as_the_profile_has_them() {
    let twice = |list: &mut Writer| {
        number(list, &oid::CE_CRL_NUMBER, false, 1);
        number(list, &oid::CE_CRL_NUMBER, false, 1);
    };
    assert_eq!(
        Parts { extensions: Some(&twice), ..Parts::default() }.refusal().0,
        "CRL: extension 2.5.29.20 comes twice, again at octet 78"
    );
    let of = |count: u32| {
        let all = move |list: &mut Writer| {
            (1..=count).for_each(|arc| number(list, &format!("2.999.{arc}").parse().unwrap(), false, 1));
        };
        Parts { extensions: Some(&all), ..Parts::default() }.read().map(drop)
    };
    assert_eq!(of(64), Ok(()));
    let error = of(65).unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        ("crl-too-many-extensions", "CRL: more than 64 extensions, at octet 839".to_owned())
    );
    let none = Parts { extensions: Some(&|_| {}), ..Parts::default() };
    assert_eq!(none.refusal().0, "CRL: DER at octet 64: expected SEQUENCE, found the end");
    let critical = |list: &mut Writer| number(list, &oid::CE_CRL_NUMBER, true, 1);
    assert_eq!(
        Parts { extensions: Some(&critical), ..Parts::default() }.refusal().0,
        "CRL: extension 2.5.29.20 at octet 66 must not be critical"
    );
    let not_critical = |list: &mut Writer| number(list, &oid::CE_DELTA_CRL_INDICATOR, false, 1);
    assert_eq!(
        Parts { extensions: Some(&not_critical), ..Parts::default() }.refusal().0,
        "CRL: extension 2.5.29.27 at octet 66 must be critical"
    );
    let negative = |list: &mut Writer| {
        extension(list, &oid::CE_CRL_NUMBER, false, &|value| value.value(Tag::INTEGER, &[0xff]));
    };
    assert_eq!(Parts { extensions: Some(&negative), ..Parts::default() }.refusal().1, "der-integer-range");
}

#[test]
fn an_unknown_critical_extension_is_remembered_wherever_it_is() {
    let unknown: Oid = "1.3.6.1.4.1.55555.9".parse().unwrap();
    let of_list = |list: &mut Writer| extension(list, &unknown, true, &|value| value.value(Tag::NULL, &[]));
    let crl = Parts { extensions: Some(&of_list), ..Parts::default() }.read().unwrap();
    assert_eq!(crl.unprocessed_critical_extension(), Some(&unknown));
    let of_entry = |list: &mut Writer| {
        entry(list, &[1], None);
        entry(list, &[2], Some(&of_list));
    };
    let crl = Parts { entries: Some(&of_entry), ..Parts::default() }.read().unwrap();
    assert_eq!(crl.unprocessed_critical_extension(), Some(&unknown));
    let harmless = |list: &mut Writer| extension(list, &unknown, false, &|value| value.value(Tag::NULL, &[]));
    let crl = Parts { extensions: Some(&harmless), ..Parts::default() }.read().unwrap();
    assert_eq!(crl.unprocessed_critical_extension(), None);
}

#[test]
fn entries_say_what_the_profile_lets_them() {
    let one = |write: Write<'_>| {
        let entries: Write<'_> = &|list| entry(list, &[5], Some(write));
        Parts { entries: Some(entries), ..Parts::default() }.refusal()
    };
    assert_eq!(one(&|list| reason(list, 7)).0, "CRL: the reason code at octet 93 is not defined");
    assert_eq!(one(&|list| reason(list, 8)).0, "CRL: removeFromCRL at octet 62, in a CRL that is no delta CRL");
    assert_eq!(
        one(&|list| certificate_issuer(list, "Another")).0,
        "CRL: the entry at octet 62 is of another issuer, and the CRL is not indirect"
    );
    let fraction: Write<'_> = &|list| {
        extension(list, &oid::CE_INVALIDITY_DATE, false, &|value| {
            value.value(Tag::GENERALIZED_TIME, b"20250301000000.5Z");
        });
    };
    assert_eq!(one(fraction).1, "der-time-form");
    let delta = Parts {
        entries: Some(&|list| entry(list, &[5], Some(&|list| reason(list, 8)))),
        extensions: Some(&|list| number(list, &oid::CE_DELTA_CRL_INDICATOR, true, 6)),
        ..Parts::default()
    };
    let crl = delta.read().unwrap();
    assert_eq!(crl.base_crl_number().map(ToString::to_string).as_deref(), Some("6"));
    assert_eq!(crl.find(&name("CA"), &[5]).unwrap().unwrap().reason, Some(RevocationReason::RemoveFromCrl));
}

#[test]
fn the_issuer_of_an_entry_holds_until_the_next_is_named() {
    let entries: Write<'_> = &|list| {
        entry(list, &[1], None);
        entry(list, &[2], Some(&|list| certificate_issuer(list, "One")));
        entry(list, &[1], None);
        entry(list, &[1], Some(&|list| certificate_issuer(list, "Two")));
    };
    let extensions: Write<'_> = &|list| scope(list, &|fields| fields.value(Tag::context(4), &[0xff]));
    let crl = Parts { entries: Some(entries), extensions: Some(extensions), ..Parts::default() }.read().unwrap();
    assert!(crl.issuing_distribution_point().is_some_and(IssuingDistributionPoint::is_indirect));
    let is_listed = |issuer: &str, serial: &[u8]| crl.find(&name(issuer), serial).unwrap().is_some();
    assert!(is_listed("CA", &[1]) && !is_listed("CA", &[2]));
    assert!(is_listed("One", &[1]) && is_listed("One", &[2]));
    assert!(is_listed("Two", &[1]) && !is_listed("Two", &[2]));
    assert!(!is_listed("Three", &[1]));
}

#[test]
fn of_several_entries_of_a_certificate_the_one_that_revokes_counts() {
    let entries: Write<'_> = &|list| {
        entry(list, &[5], Some(&|list| reason(list, 8)));
        entry(list, &[5], Some(&|list| reason(list, 1)));
    };
    let extensions: Write<'_> = &|list| number(list, &oid::CE_DELTA_CRL_INDICATOR, true, 6);
    let crl = Parts { entries: Some(entries), extensions: Some(extensions), ..Parts::default() }.read().unwrap();
    assert_eq!(crl.find(&name("CA"), &[5]).unwrap().unwrap().reason, Some(RevocationReason::KeyCompromise));
}

#[test]
fn a_scope_says_something_and_does_not_contradict_itself() {
    let refusal = |write: Write<'_>| {
        let extensions: Write<'_> = &|list| scope(list, write);
        Parts { extensions: Some(extensions), ..Parts::default() }.refusal().0
    };
    assert_eq!(refusal(&|_| {}), "CRL: issuingDistributionPoint at octet 76 is empty");
    let both: Write<'_> = &|fields| {
        fields.value(Tag::context(1), &[0xff]);
        fields.value(Tag::context(2), &[0xff]);
    };
    assert_eq!(
        refusal(both),
        "CRL: issuingDistributionPoint at octet 76 limits the CRL to two kinds of certificates at once"
    );
    assert_eq!(
        refusal(&|fields| fields.value(Tag::context(1), &[0])),
        "CRL: DER at octet 80: a component that equals its default is encoded"
    );
    let wrong_choice: Write<'_> = &|fields| {
        fields.constructed(Tag::context_constructed(0), |name| name.value(Tag::context(2), &[]));
    };
    assert_eq!(refusal(wrong_choice), "CRL: DER at octet 80: [2] is none of the alternatives");
}

#[test]
fn a_relative_name_continues_the_name_of_the_crl_issuer() {
    let relative = |common_name: &str| {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |attribute| {
            attribute.oid(&oid::AT_COMMON_NAME);
            attribute.value(Tag::UTF8_STRING, common_name.as_bytes());
        });
        DistributionPointName::RelativeToCrlIssuer(writer.into_der().into())
    };
    let resolved = relative("Point").resolve(&name("CA")).unwrap();
    let [GeneralName::DirectoryName(resolved_name)] = &*resolved else { panic!("{resolved:?}") };
    assert_eq!(resolved_name.to_string(), "CN=Point,CN=CA");
    let is_same = |others: Vec<GeneralName>| others.iter().all(|other| is_same_name(&resolved[0], other));
    assert!(is_same(relative("POINT").resolve(&name("ca")).unwrap()));
    assert!(!is_same(relative("Another").resolve(&name("CA")).unwrap()));
    assert!(DistributionPointName::RelativeToCrlIssuer([].into()).resolve(&name("CA")).is_err());
}

//! What a CA above says about names and policies below: nameConstraints and certificate policies along a path.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a failure is a panic")]

#[path = "support/issuing.rs"]
mod issuing;

use std::collections::BTreeSet;

use rcgen::{
    CertificateParams, CidrSubnet, CustomExtension, DistinguishedName, DnType, DnValue, GeneralSubtree,
    NameConstraints, SanType,
};
use wathiqa::budget::Limits;
use wathiqa::encoding::der::{Tag, Writer};
use wathiqa::oid::{self, Oid};
use wathiqa::x509::path::{
    AcceptablePolicies, AnyPolicy, CertificationPath, ExplicitPolicy, PathError, PathErrorKind, PathSettings,
    PolicyMapping, Purpose,
};
use wathiqa::x509::{AnchorExtensions, Certificate, TrustAnchor, TrustStore};

use issuing::{NOW, Subject, authority, build, build_with, end_entity, refusal, settings, store, with};

fn directory(attributes: &[(DnType, &str)]) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    for (attribute, value) in attributes {
        name.push(attribute.clone(), *value);
    }
    name
}

fn justice(common_name: &str) -> CertificateParams {
    with(end_entity(common_name), |params| {
        params.distinguished_name = directory(&[
            (DnType::CountryName, "SY"),
            (DnType::OrganizationName, "وزارة العدل"),
            (DnType::CommonName, common_name),
        ]);
    })
}

/// A CA that may certify what the subtrees say, and what comes of a leaf below it.
fn under(permitted: Vec<GeneralSubtree>, excluded: Vec<GeneralSubtree>, leaf: CertificateParams) -> Result<(), String> {
    let root = Subject::root("Root");
    let ministry = root.issue(with(authority("Ministry"), |params| {
        params.name_constraints = Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: excluded });
    }));
    let leaf = ministry.issue(leaf);
    build(&leaf, &[&ministry.certificate], &store(&[&root])).map(drop).map_err(|error| error.to_string())
}

#[test]
fn what_is_excluded_in_one_string_type_is_excluded_in_another() {
    let name = |organization: DnValue| {
        let mut name = DistinguishedName::new();
        name.push(DnType::OrganizationName, organization);
        name
    };
    let teletex = |text: &str| DnValue::TeletexString(text.try_into().unwrap());
    let leaf = |organization| with(end_entity(""), |params| params.distinguished_name = name(organization));
    let justice = || vec![GeneralSubtree::DirectoryName(name(DnValue::Utf8String("Justice".to_owned())))];
    assert_eq!(
        under(vec![], justice(), leaf(teletex("JUSTICE"))).unwrap_err(),
        "certificate O=JUSTICE: directoryName O=JUSTICE is within an excluded subtree"
    );
    assert_eq!(under(vec![], justice(), leaf(teletex("Health"))), Ok(()));
    // Permitted is only what is known to match.
    assert!(under(justice(), vec![], leaf(teletex("Justice"))).is_err());
}

/// RFC 4518 §2.3, which RFC 5280 §7.1 asks for: how a letter is put together is no difference.
#[test]
fn what_is_excluded_composed_is_excluded_decomposed() {
    let named = |organization: &str| directory(&[(DnType::OrganizationName, organization)]);
    let leaf = |organization: &str| with(end_entity(""), |params| params.distinguished_name = named(organization));
    let subtree = |organization: &str| vec![GeneralSubtree::DirectoryName(named(organization))];
    for (composed, decomposed) in [
        // Alef with hamza above, waw with hamza, yeh with hamza, alef with madda; e with acute, o with horn and dot below.
        ("دائرة الأمن", "دائرة الا\u{654}من"),
        ("الشؤون", "الشو\u{654}ون"),
        ("مائة", "ماي\u{654}ة"),
        ("\u{622}ثار", "\u{627}\u{653}ثار"),
        ("Sant\u{e9}", "SANTE\u{301}"),
        ("\u{1ee3}", "o\u{323}\u{31b}"),
    ] {
        for (base, name) in [(composed, decomposed), (decomposed, composed), (composed, composed)] {
            let refused = under(vec![], subtree(base), leaf(name)).unwrap_err();
            assert!(refused.ends_with("is within an excluded subtree"), "{refused}");
            assert_eq!(under(subtree(base), vec![], leaf(name)), Ok(()), "{base} {name}");
        }
    }
    // Alef without hamza is another letter.
    assert_eq!(under(vec![], subtree("الأمن"), leaf("الامن")), Ok(()));
    // A chain is found between names that are written differently.
    let root = Subject::self_signed(with(authority(""), |params| params.distinguished_name = named("الأمن")));
    let anchors = store(&[&root]);
    let decomposed = with(root.params.clone(), |params| params.distinguished_name = named("الا\u{654}من"));
    let leaf = Subject { params: decomposed, ..root }.signer("Registrar");
    assert!(build(&leaf, &[], &anchors).is_ok());
}

#[test]
fn a_sub_ca_is_confined_to_its_directory_names() {
    let ministry = || {
        GeneralSubtree::DirectoryName(directory(&[
            (DnType::CountryName, "SY"),
            (DnType::OrganizationName, "وزارة العدل"),
        ]))
    };
    assert_eq!(under(vec![ministry()], vec![], justice("Registrar")), Ok(()));
    assert_eq!(
        under(vec![ministry()], vec![], end_entity("Registrar")).unwrap_err(),
        "certificate CN=Registrar: directoryName CN=Registrar is within no permitted subtree"
    );
    assert_eq!(
        under(vec![], vec![ministry()], justice("Registrar")).unwrap_err(),
        "certificate CN=Registrar,O=وزارة العدل,C=SY: \
         directoryName CN=Registrar,O=وزارة العدل,C=SY is within an excluded subtree"
    );
    assert_eq!(under(vec![], vec![ministry()], end_entity("Registrar")), Ok(()));
}

#[test]
fn other_forms_of_names_are_confined_too() {
    let with_names = |names: Vec<SanType>| with(end_entity("Leaf"), |params| params.subject_alt_names = names);
    let dns = |name: &str| SanType::DnsName(name.try_into().unwrap());
    let mail = |name: &str| SanType::Rfc822Name(name.try_into().unwrap());
    let host = || vec![GeneralSubtree::DnsName("gov.sy".into())];
    assert_eq!(under(host(), vec![], with_names(vec![dns("a.gov.sy"), mail("a@elsewhere")])), Ok(()));
    assert_eq!(
        under(host(), vec![], with_names(vec![dns("a.gov.sy"), dns("gov.sy.example")])).unwrap_err(),
        "certificate CN=Leaf: dNSName gov.sy.example is within no permitted subtree"
    );
    assert_eq!(
        under(vec![], host(), with_names(vec![dns("*.sy")])).unwrap_err(),
        "certificate CN=Leaf: dNSName *.sy is within an excluded subtree"
    );
    let mailbox = vec![GeneralSubtree::Rfc822Name("gov.sy".into())];
    assert_eq!(
        under(mailbox.clone(), vec![], with_names(vec![mail("a@b.gov.sy")])).unwrap_err(),
        "certificate CN=Leaf: rfc822Name a@b.gov.sy is within no permitted subtree"
    );
    // A mail address in the subject is one, wherever it hides.
    let in_subject = with(end_entity("Leaf"), |params| {
        params.distinguished_name.push(DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1]), "a@elsewhere");
    });
    assert_eq!(
        under(mailbox, vec![], in_subject).unwrap_err(),
        "certificate emailAddress=a@elsewhere,CN=Leaf: rfc822Name a@elsewhere is within no permitted subtree"
    );
    let subnet = GeneralSubtree::IpAddress(CidrSubnet::V4([10, 0, 0, 0], [255, 0, 0, 0]));
    assert_eq!(
        under(vec![subnet], vec![], with_names(vec![SanType::IpAddress([11, 0, 0, 1].into())])).unwrap_err(),
        "certificate CN=Leaf: iPAddress 11.0.0.1 is within no permitted subtree"
    );
}

#[test]
fn constraints_of_every_ca_above_must_be_met() {
    let hosts = |name: &str| {
        let subtree = GeneralSubtree::DnsName(name.into());
        move |params: &mut CertificateParams| {
            params.name_constraints =
                Some(NameConstraints { permitted_subtrees: vec![subtree], excluded_subtrees: vec![] });
        }
    };
    let root = Subject::root("Root");
    let ministry = root.issue(with(authority("Ministry"), hosts("justice.gov.sy")));
    // A CA below cannot widen what the one above narrowed.
    let office = ministry.issue(with(authority("Office"), hosts("gov.sy")));
    let judge = |name: &str| {
        let leaf = office.issue(with(end_entity("Leaf"), |params| {
            params.subject_alt_names = vec![SanType::DnsName(name.try_into().unwrap())];
        }));
        build(&leaf, &[&office.certificate, &ministry.certificate], &store(&[&root])).is_ok()
    };
    assert_eq!((judge("a.justice.gov.sy"), judge("a.gov.sy")), (true, false));

    // The anchor's own constraints hold, unless told otherwise.
    let anchor = Subject::self_signed(with(authority("Root"), hosts("gov.sy")));
    let leaf = anchor.issue(with(end_entity("Leaf"), |params| {
        params.subject_alt_names = vec![SanType::DnsName("example".try_into().unwrap())];
    }));
    assert_eq!(
        refusal(build(&leaf, &[], &store(&[&anchor]))),
        "certificate CN=Leaf: dNSName example is within no permitted subtree"
    );
    let ignored = TrustAnchor::from_certificate(anchor.certificate.clone()).with_extensions(AnchorExtensions::Ignore);
    assert!(build(&leaf, &[], &TrustStore::from_iter([ignored])).is_ok());
}

#[test]
fn comparisons_of_names_are_counted() {
    let root = Subject::root("Root");
    let subtrees: Vec<GeneralSubtree> =
        (0..10).map(|number| GeneralSubtree::DnsName(format!("n{number}.example"))).collect();
    let ministry = root.issue(with(authority("Ministry"), |params| {
        params.name_constraints = Some(NameConstraints { permitted_subtrees: subtrees, excluded_subtrees: vec![] });
    }));
    let leaf = ministry.issue(with(end_entity("Leaf"), |params| {
        let names = (0..10).map(|number| SanType::DnsName(format!("n{number}.example").try_into().unwrap()));
        params.subject_alt_names = names.collect();
    }));
    // Ten names and the subject, with ten subtrees.
    let judge = |name_comparisons: usize| {
        let mut limits = Limits::default();
        limits.name_comparisons = name_comparisons;
        build_with(&leaf, &[&ministry.certificate], &store(&[&root]), NOW, &settings(Purpose::Any), &limits)
    };
    assert!(judge(110).is_ok());
    assert_eq!(refusal(judge(109)), "certificate CN=Leaf: limit reached: more than 109 name comparisons");
    // That ends the search, though another path would cost nothing.
    let free = ministry.certified_by(&root, |params| params.name_constraints = None);
    let mut limits = Limits::default();
    limits.name_comparisons = 109;
    let pool = [&ministry.certificate, &free];
    assert_eq!(
        refusal(build_with(&leaf, &pool, &store(&[&root]), NOW, &settings(Purpose::Any), &limits)),
        "certificate CN=Leaf: limit reached: more than 109 name comparisons"
    );
    limits.name_comparisons = 110;
    assert!(build_with(&leaf, &pool, &store(&[&root]), NOW, &settings(Purpose::Any), &limits).is_ok());
}

#[test]
fn a_self_issued_certificate_is_passed_over_unless_it_is_the_last() {
    let root = Subject::root("Root");
    let permitted = vec![GeneralSubtree::DirectoryName(directory(&[(DnType::CountryName, "SY")]))];
    let ministry = root.issue(with(authority("Ministry"), |params| {
        params.name_constraints = Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: vec![] });
    }));
    let judge = |below: &Subject, leaf: CertificateParams| {
        let pool = [&below.certificate, &ministry.certificate];
        build(&below.issue(leaf), &pool, &store(&[&root])).map(drop).map_err(|error| error.to_string())
    };
    // The ministry's new key, certified by the old one: the name is outside what the old one may certify.
    assert_eq!(judge(&ministry.authority("Ministry"), justice("Registrar")), Ok(()));
    assert_eq!(
        judge(&ministry.authority("Office"), justice("Registrar")).unwrap_err(),
        "certificate CN=Office: directoryName CN=Office is within no permitted subtree"
    );
    let last = ministry.signer("Ministry");
    assert_eq!(
        refusal(build(&last, &[&ministry.certificate], &store(&[&root]))),
        "certificate CN=Ministry: directoryName CN=Ministry is within no permitted subtree"
    );
}

const A: &str = "1.3.6.1.4.1.55555.1.1";
const B: &str = "1.3.6.1.4.1.55555.1.2";
const ANY: &str = "2.5.29.32.0";

fn extension(id: &[u64], write: impl FnOnce(&mut Writer)) -> CustomExtension {
    let mut writer = Writer::new();
    write(&mut writer);
    let mut extension = CustomExtension::from_oid_content(id, writer.into_der());
    extension.set_criticality(true);
    extension
}

fn policies(policies: &[&str]) -> CustomExtension {
    extension(&[2, 5, 29, 32], |writer| {
        writer.constructed(Tag::SEQUENCE, |all| {
            for policy in policies {
                all.constructed(Tag::SEQUENCE, |one| one.oid(&policy.parse().unwrap()));
            }
        });
    })
}

fn mappings(mappings: &[(&str, &str)]) -> CustomExtension {
    extension(&[2, 5, 29, 33], |writer| {
        writer.constructed(Tag::SEQUENCE, |all| {
            for (issuer_domain, subject_domain) in mappings {
                all.constructed(Tag::SEQUENCE, |one| {
                    one.oid(&issuer_domain.parse().unwrap());
                    one.oid(&subject_domain.parse().unwrap());
                });
            }
        });
    })
}

/// policyConstraints with requireExplicitPolicy.
fn require_explicit_policy(after: u8) -> CustomExtension {
    extension(&[2, 5, 29, 36], |writer| {
        writer.constructed(Tag::SEQUENCE, |all| all.value(Tag::context(0), &[after]));
    })
}

/// policyConstraints with inhibitPolicyMapping.
fn inhibit_policy_mapping(after: u8) -> CustomExtension {
    extension(&[2, 5, 29, 36], |writer| {
        writer.constructed(Tag::SEQUENCE, |all| all.value(Tag::context(1), &[after]));
    })
}

fn inhibit_any_policy(after: u64) -> CustomExtension {
    extension(&[2, 5, 29, 54], |writer| writer.unsigned(after))
}

/// A path root -> ministry -> office -> leaf with these extensions.
fn along(
    ministry: Vec<CustomExtension>,
    office: Vec<CustomExtension>,
    leaf: Vec<CustomExtension>,
    settings: &PathSettings,
) -> Result<CertificationPath, PathError> {
    let root = Subject::root("Root");
    let ministry = root.issue(with(authority("Ministry"), |params| params.custom_extensions = ministry));
    let office = ministry.issue(with(authority("Office"), |params| params.custom_extensions = office));
    let leaf = office.issue(with(end_entity("Leaf"), |params| params.custom_extensions = leaf));
    let pool = [&ministry.certificate, &office.certificate];
    build_with(&leaf, &pool, &store(&[&root]), NOW, settings, &Limits::default())
}

fn required() -> PathSettings {
    let mut settings = settings(Purpose::Any);
    settings.policies.explicit_policy = ExplicitPolicy::Required;
    settings
}

fn set(policies: &[&str]) -> BTreeSet<Oid> {
    policies.iter().map(|policy| policy.parse().unwrap()).collect()
}

#[test]
fn a_policy_holds_for_the_path_if_every_certificate_names_it() {
    let all =
        |office: &[&str]| along(vec![policies(&[A, B])], vec![policies(office)], vec![policies(&[A, B])], &required());
    assert_eq!(all(&[A, B]).unwrap().policies(), &set(&[A, B]));
    assert_eq!(all(&[A]).unwrap().policies(), &set(&[A]));
    assert_eq!(all(&[ANY]).unwrap().policies(), &set(&[A, B]));
    assert_eq!(
        refusal(all(&["1.3.6.1.4.1.55555.1.9"])),
        "certificate CN=Office: no certificate policy is valid from the trust anchor to here, and one is required"
    );
    // Not required, none valid: the path holds and says so.
    let none = along(vec![policies(&[A])], vec![], vec![policies(&[A])], &settings(Purpose::Any)).unwrap();
    assert_eq!(none.policies(), &set(&[]));

    let mut narrow = required();
    narrow.policies.acceptable = AcceptablePolicies::OneOf(set(&[B]));
    let a_and_b = || vec![policies(&[A, B])];
    assert_eq!(along(a_and_b(), a_and_b(), a_and_b(), &narrow).unwrap().policies(), &set(&[B]));
    assert_eq!(
        refusal(along(a_and_b(), a_and_b(), vec![policies(&[A])], &narrow)),
        "certificate CN=Leaf: no acceptable certificate policy is valid for the path, and one is required"
    );
}

#[test]
fn a_ca_can_require_a_policy_from_some_certificate_on() {
    let judge = |after: u8, leaf: Vec<CustomExtension>| {
        let constrained = vec![policies(&[A]), require_explicit_policy(after)];
        along(constrained, vec![policies(&[A])], leaf, &settings(Purpose::Any)).map(drop)
    };
    assert_eq!(judge(0, vec![policies(&[A])]), Ok(()));
    for after in [0, 1, 2] {
        assert!(matches!(
            judge(after, vec![]).unwrap_err().kind,
            PathErrorKind::NoValidPolicy | PathErrorKind::NoAcceptablePolicy
        ));
    }
    assert_eq!(judge(3, vec![]), Ok(()));
}

#[test]
fn a_mapped_policy_is_known_by_the_name_of_the_anchors_domain() {
    let office = || vec![policies(&[A]), mappings(&[(A, B)])];
    let judge = |settings: &PathSettings| along(vec![policies(&[A])], office(), vec![policies(&[B])], settings);
    assert_eq!(judge(&required()).unwrap().policies(), &set(&[A]));
    let mut inhibited = required();
    inhibited.policies.policy_mapping = PolicyMapping::Inhibit;
    assert_eq!(
        refusal(judge(&inhibited)),
        "certificate CN=Leaf: no certificate policy is valid from the trust anchor to here, and one is required"
    );
    let any = along(vec![policies(&[A])], vec![policies(&[A]), mappings(&[(A, ANY)])], vec![], &required());
    assert_eq!(refusal(any), "certificate CN=Office: policyMappings names anyPolicy");
}

#[test]
fn any_policy_counts_until_it_is_inhibited() {
    let judge = |ministry: Vec<CustomExtension>, settings: &PathSettings| {
        along(ministry, vec![policies(&[ANY])], vec![policies(&[A])], settings).map(|path| path.policies().clone())
    };
    assert_eq!(judge(vec![policies(&[ANY])], &required()), Ok(set(&[A])));
    assert!(judge(vec![policies(&[ANY]), inhibit_any_policy(0)], &required()).is_err());
    assert_eq!(judge(vec![policies(&[ANY]), inhibit_any_policy(1)], &required()), Ok(set(&[A])));
    let mut inhibited = required();
    inhibited.policies.any_policy = AnyPolicy::Inhibit;
    assert!(judge(vec![policies(&[ANY])], &inhibited).is_err());
    // In the last certificate too.
    let last = |after: u64| {
        let ministry = vec![policies(&[A]), inhibit_any_policy(after)];
        along(ministry, vec![policies(&[A])], vec![policies(&[ANY])], &required()).map(|path| path.policies().clone())
    };
    assert_eq!(last(2), Ok(set(&[A])));
    assert_eq!(
        last(1).unwrap_err().to_string(),
        "certificate CN=Leaf: no certificate policy is valid from the trust anchor to here, and one is required"
    );
    let everywhere = || vec![policies(&[ANY])];
    let path = along(everywhere(), everywhere(), everywhere(), &required()).unwrap();
    assert_eq!(path.policies(), &BTreeSet::from([oid::ANY_POLICY]));
}

/// §6.1.3 (d)(2) and §6.1.4 (h): a CA that certifies a new key of its own does not come nearer to the end of the path.
#[test]
fn a_self_issued_certificate_names_any_policy_and_is_not_counted() {
    let root = Subject::root("Root");
    let judge = |ministry: Vec<CustomExtension>, name: &str, leaf: Vec<CustomExtension>, settings: &PathSettings| {
        let ministry = root.issue(with(authority("Ministry"), |params| params.custom_extensions = ministry));
        let below = with(authority(name), |params| params.custom_extensions = vec![policies(&[ANY])]);
        let below = ministry.issue(below);
        let leaf = below.issue(with(end_entity("Leaf"), |params| params.custom_extensions = leaf));
        let pool = [&below.certificate, &ministry.certificate];
        let path = build_with(&leaf, &pool, &store(&[&root]), NOW, settings, &Limits::default());
        path.map(|path| path.policies().clone()).map_err(|error| error.to_string())
    };
    let inhibited = || vec![policies(&[A]), inhibit_any_policy(0)];
    assert_eq!(judge(inhibited(), "Ministry", vec![policies(&[A])], &required()), Ok(set(&[A])));
    assert_eq!(
        judge(inhibited(), "Office", vec![policies(&[A])], &required()).unwrap_err(),
        "certificate CN=Office: no certificate policy is valid from the trust anchor to here, and one is required"
    );
    let constrained = || vec![policies(&[A]), require_explicit_policy(2)];
    assert_eq!(judge(constrained(), "Ministry", vec![], &settings(Purpose::Any)), Ok(set(&[])));
    assert_eq!(
        judge(constrained(), "Office", vec![], &settings(Purpose::Any)).unwrap_err(),
        "certificate CN=Leaf: no acceptable certificate policy is valid for the path, and one is required"
    );
}

/// §6.1.5 (b).
#[test]
fn the_last_certificate_can_require_a_policy_for_itself() {
    let judge = |after: u8, leaf: &str| {
        let leaf = vec![policies(&[leaf]), require_explicit_policy(after)];
        along(vec![policies(&[A])], vec![policies(&[A])], leaf, &settings(Purpose::Any))
            .map(|path| path.policies().clone())
            .map_err(|error| error.to_string())
    };
    assert_eq!(judge(0, A), Ok(set(&[A])));
    assert_eq!(
        judge(0, B).unwrap_err(),
        "certificate CN=Leaf: no acceptable certificate policy is valid for the path, and one is required"
    );
    assert_eq!(judge(1, B), Ok(set(&[])));
}

/// Any policy among those that are acceptable accepts every policy.
#[test]
fn any_policy_accepts_every_policy() {
    let accepting = |acceptable: &[&str]| {
        let mut settings = required();
        settings.policies.acceptable = AcceptablePolicies::OneOf(set(acceptable));
        let a = || vec![policies(&[A])];
        along(a(), a(), a(), &settings).map(|path| path.policies().clone()).map_err(|error| error.to_string())
    };
    assert_eq!(accepting(&[ANY]), Ok(set(&[A])));
    assert_eq!(accepting(&[ANY, B]), Ok(set(&[A])));
    assert!(accepting(&[B]).is_err());
}

/// A path anchor -> office -> leaf, below an anchor with these extensions that is, or is not, self-issued.
fn below(
    anchor: Vec<CustomExtension>,
    is_self_issued: bool,
    [office, leaf]: [Vec<CustomExtension>; 2],
    settings: &PathSettings,
) -> Result<BTreeSet<Oid>, String> {
    let params = with(authority("Anchor"), |params| params.custom_extensions = anchor);
    let anchor = if is_self_issued { Subject::self_signed(params) } else { Subject::root("Root").issue(params) };
    let office = anchor.issue(with(authority("Office"), |params| params.custom_extensions = office));
    let leaf = office.issue(with(end_entity("Leaf"), |params| params.custom_extensions = leaf));
    let path = build_with(&leaf, &[&office.certificate], &store(&[&anchor]), NOW, settings, &Limits::default());
    path.map(|path| path.policies().clone()).map_err(|error| error.to_string())
}

/// RFC 5937 §3.2, clause by clause.
#[test]
fn an_anchor_narrows_the_initial_policies_and_sets_the_initial_flags() {
    let both = || [vec![policies(&[A, B])], vec![policies(&[A, B])]];
    let only = |policy: &str| [vec![policies(&[policy])], vec![policies(&[policy])]];
    let accepting = |acceptable: &[&str]| {
        let mut settings = required();
        settings.policies.acceptable = AcceptablePolicies::OneOf(set(acceptable));
        settings
    };
    let no_valid = |subject: &str| {
        Err(format!(
            "certificate CN={subject}: no certificate policy is valid from the trust anchor to here, and one is required"
        ))
    };
    let no_acceptable =
        Err("certificate CN=Leaf: no acceptable certificate policy is valid for the path, and one is required"
            .to_owned());
    for is_self_issued in [true, false] {
        let below = |anchor, path, settings: &PathSettings| below(anchor, is_self_issued, path, settings);
        // user-initial-policy-set is its intersection with the anchor's certificate policies; those alone, if it is any-policy.
        assert_eq!(below(vec![policies(&[A])], both(), &required()), Ok(set(&[A])));
        assert_eq!(below(vec![policies(&[A])], both(), &accepting(&[A, B])), Ok(set(&[A])));
        assert_eq!(below(vec![policies(&[A])], both(), &accepting(&[B])), no_acceptable);
        assert_eq!(below(vec![policies(&[A])], only(B), &required()), no_valid("Office"));
        assert_eq!(below(vec![policies(&[ANY])], both(), &accepting(&[B])), Ok(set(&[B])));
        assert_eq!(below(vec![], both(), &accepting(&[B])), Ok(set(&[B])));
        // It is not required that a policy of the anchor holds, unless one must.
        assert_eq!(below(vec![policies(&[A])], only(B), &settings(Purpose::Any)), Ok(set(&[])));
        // initial-explicit-policy, or-ed.
        assert_eq!(
            below(vec![require_explicit_policy(0)], [vec![], vec![]], &settings(Purpose::Any)),
            no_valid("Office")
        );
        assert_eq!(below(vec![], [vec![], vec![]], &settings(Purpose::Any)), Ok(set(&[])));
        // initial-policy-mapping-inhibit, or-ed.
        let mapped = || [vec![policies(&[A]), mappings(&[(A, B)])], vec![policies(&[B])]];
        assert_eq!(below(vec![], mapped(), &required()), Ok(set(&[A])));
        assert_eq!(below(vec![inhibit_policy_mapping(0)], mapped(), &required()), no_valid("Leaf"));
        // initial-any-policy-inhibit, or-ed. What the anchor itself says of any policy narrows nothing all the same.
        assert_eq!(below(vec![], only(ANY), &required()), Ok(set(&[ANY])));
        assert_eq!(below(vec![inhibit_any_policy(0)], only(ANY), &required()), no_valid("Office"));
        let mut inhibited = required();
        inhibited.policies.any_policy = AnyPolicy::Inhibit;
        assert_eq!(below(vec![policies(&[ANY])], only(A), &inhibited), Ok(set(&[A])));
        assert_eq!(below(vec![policies(&[ANY])], only(ANY), &inhibited), no_valid("Office"));
    }
}

#[test]
fn a_critical_qualifier_that_is_not_known_is_refused() {
    let qualified = |id: &Oid| {
        extension(&[2, 5, 29, 32], |writer| {
            writer.constructed(Tag::SEQUENCE, |all| {
                all.constructed(Tag::SEQUENCE, |one| {
                    one.oid(&A.parse().unwrap());
                    one.constructed(Tag::SEQUENCE, |qualifiers| {
                        qualifiers.constructed(Tag::SEQUENCE, |qualifier| {
                            qualifier.oid(id);
                            qualifier.value(Tag::IA5_STRING, b"https://example.gov.sy/cps");
                        });
                    });
                });
            });
        })
    };
    let a = || vec![policies(&[A])];
    assert!(along(a(), a(), vec![qualified(&oid::QT_CPS)], &required()).is_ok());
    let unknown: Oid = "1.3.6.1.4.1.55555.7".parse().unwrap();
    assert_eq!(
        refusal(along(a(), a(), vec![qualified(&unknown)], &required())),
        "certificate CN=Leaf: critical certificatePolicies has the unknown qualifier 1.3.6.1.4.1.55555.7"
    );
    let mut not_critical = qualified(&unknown);
    not_critical.set_criticality(false);
    assert!(along(a(), a(), vec![not_critical], &required()).is_ok());
}

/// Each CA maps each of 12 policies to all 12: a tree would have 12^8 leaves.
#[test]
fn mappings_do_not_multiply() {
    let names: Vec<String> = (0..12).map(|number| format!("1.3.6.1.4.1.55555.2.{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let pairs: Vec<(&str, &str)> = names.iter().flat_map(|from| names.iter().map(move |to| (*from, *to))).collect();
    let root = Subject::root("Root");
    let mut chain: Vec<Subject> = Vec::new();
    for number in 0..8 {
        let params = with(authority(&format!("CA {number}")), |params| {
            params.custom_extensions = vec![policies(&names), mappings(&pairs)];
        });
        let next = chain.last().unwrap_or(&root).issue(params);
        chain.push(next);
    }
    let params = with(end_entity("Leaf"), |params| params.custom_extensions = vec![policies(&names)]);
    let leaf = chain.last().unwrap_or(&root).issue(params);
    let pool: Vec<&Certificate> = chain.iter().map(|authority| &authority.certificate).collect();
    let path = build_with(&leaf, &pool, &store(&[&root]), NOW, &required(), &Limits::default()).unwrap();
    assert_eq!(path.policies(), &set(&names));
}

//! What a chain has, in words that excuses are written in.

use std::collections::BTreeSet;

use crate::generator::Case;
use crate::specification::{CertificateSpecification, Contents, EMAIL_ADDRESS, GeneralNameSpecification, Key};

/// The features of a case.
pub fn of(case: &Case) -> BTreeSet<String> {
    let mut features = BTreeSet::new();
    for (position, certificate) in case.certificates.iter().enumerate() {
        let place = match position {
            0 => "root",
            1 => "leaf",
            _ => "ca",
        };
        for feature in of_certificate(certificate) {
            features.insert(format!("{place}: {feature}"));
            features.insert(feature);
        }
    }
    let subjects: Vec<String> = case.certificates.iter().map(|certificate| certificate.subject.folded()).collect();
    if (1..subjects.len()).any(|one| subjects[..one].contains(&subjects[one])) {
        features.insert("two certificates of a name".to_owned());
    }
    if case.settings.inhibit_any || features.contains("inhibitAnyPolicy") {
        features.insert("anyPolicy inhibited".to_owned());
    }
    if case.paths().len() > 1 {
        features.insert("several paths".to_owned());
    }
    if case.uses_policies() {
        features.insert("policies".to_owned());
    }
    if case.settings.acceptable.is_some() {
        features.insert("acceptable policies".to_owned());
    }
    if let Some(purpose) = case.settings.purpose {
        features.insert(format!("purpose {purpose}"));
    }
    features
}

fn of_certificate(certificate: &CertificateSpecification) -> Vec<String> {
    let mut features = Vec::new();
    let mut add = |feature: &str| features.push(feature.to_owned());
    let mut kinds = Vec::new();
    for extension in &certificate.extensions {
        let kind = kind(&extension.contents);
        if kinds.contains(&kind) {
            add("extension twice");
            add(&format!("{kind} twice"));
        }
        kinds.push(kind);
        add(kind);
        add(&format!("{}critical {kind}", if extension.critical { "" } else { "non-" }));
        of_contents(&extension.contents, &mut add);
    }
    for kind in
        ["basicConstraints", "keyUsage", "subjectKeyIdentifier", "authorityKeyIdentifier", "certificatePolicies"]
    {
        if !kinds.contains(&kind) {
            add(&format!("no {kind}"));
        }
    }
    for (end, time) in [("from", certificate.not_before), ("until", certificate.not_after)] {
        add(&format!("{end} {time}"));
    }
    let names_key = |contents: &Contents| match contents {
        Contents::AuthorityKeyIdentifier(identifier) => Some(*identifier),
        _ => None,
    };
    if certificate.find(names_key).is_some_and(|identifier| identifier != Key::identifier(certificate.signer)) {
        add("authorityKeyIdentifier of another key");
    }
    if certificate.subject.0.is_empty() {
        add("no subject");
    }
    if certificate.issuer == certificate.subject {
        add("self-issued");
    }
    if certificate.issuer.0.iter().any(|rdn| rdn.len() > 1) {
        add("issuer with two attributes in an RDN");
    }
    for attribute in certificate.subject.attributes() {
        add(&format!("subject in {:?}", attribute.string_type));
        if attribute.attribute_type == EMAIL_ADDRESS {
            of_mailbox(&attribute.text, &mut add);
        }
    }
    for attribute in certificate.issuer.attributes() {
        add(&format!("issuer in {:?}", attribute.string_type));
        if has_upper_case_beyond_ascii(&attribute.text) {
            add("issuer with upper case beyond ASCII");
        }
    }
    features
}

fn of_mailbox(address: &str, add: &mut impl FnMut(&str)) {
    let parts: Vec<&str> = address.split('@').collect();
    if parts.len() != 2 || parts.contains(&"") {
        add("mail address malformed");
    }
}

fn kind(contents: &Contents) -> &'static str {
    match contents {
        Contents::BasicConstraints { .. } => "basicConstraints",
        Contents::KeyUsage(_) => "keyUsage",
        Contents::ExtKeyUsage(_) => "extKeyUsage",
        Contents::SubjectKeyIdentifier(_) => "subjectKeyIdentifier",
        Contents::AuthorityKeyIdentifier(_) => "authorityKeyIdentifier",
        Contents::SubjectAltName(_) => "subjectAltName",
        Contents::NameConstraints(_) => "nameConstraints",
        Contents::CertificatePolicies { .. } => "certificatePolicies",
        Contents::PolicyMappings(_) => "policyMappings",
        Contents::PolicyConstraints { .. } => "policyConstraints",
        Contents::InhibitAnyPolicy(_) => "inhibitAnyPolicy",
        Contents::Unknown => "unknown extension",
    }
}

fn of_contents(contents: &Contents, add: &mut impl FnMut(&str)) {
    match contents {
        Contents::SubjectAltName(names) => names.iter().for_each(|name| of_name("name", name, add)),
        Contents::NameConstraints(constraints) => {
            for (list, what) in [(&constraints.permitted, "permitted"), (&constraints.excluded, "excluded")] {
                list.iter().for_each(|base| of_name(what, base, add));
                list.iter().for_each(|base| of_name("subtree", base, add));
            }
            if constraints.maximum.is_some() {
                add("subtree with maximum");
            }
        }
        Contents::KeyUsage(bits) => bits.iter().for_each(|bit| add(&format!("keyUsage bit {bit}"))),
        Contents::ExtKeyUsage(purposes) => purposes.iter().for_each(|one| add(&format!("extKeyUsage {one}"))),
        Contents::CertificatePolicies { policies, qualifier } => {
            policies.iter().for_each(|policy| add(&format!("policy {policy}")));
            if let Some(qualifier) = qualifier {
                add(&format!("policy qualifier {qualifier}"));
            }
        }
        Contents::PolicyMappings(pairs) => {
            pairs.iter().for_each(|(from, to)| add(&format!("mapping {from} {to}")));
        }
        Contents::BasicConstraints { ca, path_length } => {
            add(&format!("cA {ca}"));
            if path_length.is_some() {
                add("pathLenConstraint");
            }
        }
        _ => {}
    }
}

fn of_name(what: &str, name: &GeneralNameSpecification, add: &mut impl FnMut(&str)) {
    use GeneralNameSpecification as G;
    match name {
        G::Email(text) => {
            add(&format!("{what} rfc822Name {text}"));
            if what == "name" {
                of_mailbox(text, add);
            }
        }
        G::Dns(text) => add(&format!("{what} dNSName {text}")),
        G::Uri(text) => add(&format!("{what} URI {text}")),
        G::Ip(octets) => {
            add(&format!("{what} iPAddress {octets:?}"));
            if what == "subtree" && !has_mask(octets) {
                add("subtree iPAddress malformed");
            }
        }
        G::Other(_) => add(&format!("{what} otherName")),
        G::RegisteredId(_) => add(&format!("{what} registeredID")),
        G::Directory(directory) => {
            add(&format!("{what} directoryName"));
            for attribute in directory.attributes() {
                add(&format!("{what} directoryName in {:?}", attribute.string_type));
                if has_upper_case_beyond_ascii(&attribute.text) {
                    add(&format!("{what} directoryName with upper case beyond ASCII"));
                }
            }
        }
    }
}

fn has_upper_case_beyond_ascii(text: &str) -> bool {
    text.to_lowercase() != text.to_ascii_lowercase()
}

/// Whether the octets are an address and leading ones.
fn has_mask(octets: &[u8]) -> bool {
    let (address, mask) = octets.split_at(octets.len() / 2);
    let mut bits =
        mask.iter().flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1)).skip_while(|bit| *bit == 1);
    matches!(address.len(), 4 | 16) && bits.all(|bit| bit == 0)
}

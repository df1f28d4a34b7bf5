//! Random chains: a chain that holds, then faults, each with its own odds.

use crate::random::Random;
use crate::specification::{COMMON_NAME, COUNTRY, ORGANIZATION, ORGANIZATIONAL_UNIT};
use crate::specification::{
    CertificateSpecification, Contents, EMAIL_ADDRESS, GeneralNameSpecification, Key, NameConstraintsSpecification,
    NameSpecification, StringType,
};

/// The time of judgement, in seconds of Unix time and as certificates write it.
pub const NOW: i64 = 1_748_779_200;
const NOW_TEXT: &str = "250601120000Z";
const LONG_AGO: &str = "200101000000Z";
const FAR: &str = "491231235959Z";

pub const ANY_POLICY: &str = "2.5.29.32.0";
const POLICIES: [&str; 3] = ["1.3.6.1.4.1.55555.1.1", "1.3.6.1.4.1.55555.1.2", "1.3.6.1.4.1.55555.1.3"];

pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
pub const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
pub const ANY_PURPOSE: &str = "2.5.29.37.0";

/// Key usage bits.
pub const DIGITAL_SIGNATURE: u8 = 0;
pub const KEY_CERT_SIGN: u8 = 5;
const CRL_SIGN: u8 = 6;

/// A chain, what else is in the pool, and what is asked of it.
#[derive(Debug, Clone)]
pub struct Case {
    pub certificates: Vec<CertificateSpecification>,
    /// Positions of the chain that was made first: root, intermediates, leaf.
    chain: Vec<usize>,
    /// Positions of all intermediates, in any order.
    pub pool: Vec<usize>,
    pub settings: Settings,
}

/// What is asked of the path.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub purpose: Option<&'static str>,
    /// None for any policy.
    pub acceptable: Option<Vec<&'static str>>,
    pub require_explicit: bool,
    pub inhibit_mapping: bool,
    pub inhibit_any: bool,
}

impl Case {
    /// The case of number `index` under `seed`.
    pub fn new(seed: u64, index: u64) -> Self {
        Generator::new(Random::new(seed, index)).case()
    }

    pub fn root(&self) -> &CertificateSpecification {
        &self.certificates[0]
    }

    pub fn leaf(&self) -> &CertificateSpecification {
        &self.certificates[1]
    }

    /// All paths by keys, or the chain that was made first if there is none: positions of the intermediates, the anchor's
    /// side first.
    pub fn paths(&self) -> Vec<Vec<usize>> {
        let mut complete = Vec::new();
        let mut partial = vec![vec![1]];
        while let Some(path) = partial.pop() {
            let signer = self.certificates[path[path.len() - 1]].signer;
            if signer == self.root().key {
                complete.push(path[1..].iter().rev().copied().collect());
            }
            for above in &self.pool {
                let key = self.certificates[*above].key;
                if key == signer && path.iter().all(|below| self.certificates[*below].key != key) {
                    partial.push([&path[..], &[*above]].concat());
                }
            }
        }
        if complete.is_empty() {
            complete.push(self.chain[1..self.chain.len() - 1].to_vec());
        }
        complete
    }

    /// Whether policies matter.
    pub fn uses_policies(&self) -> bool {
        let about_policies = |contents: &Contents| {
            matches!(
                contents,
                Contents::CertificatePolicies { .. }
                    | Contents::PolicyMappings(_)
                    | Contents::PolicyConstraints { .. }
                    | Contents::InhibitAnyPolicy(_)
            )
        };
        let settings = &self.settings;
        settings.acceptable.is_some()
            || settings.require_explicit
            || self.certificates.iter().flat_map(|one| &one.extensions).any(|one| about_policies(&one.contents))
    }

    /// All certificates in DER, by position.
    pub fn to_der(&self, keys: &[Key]) -> Vec<Vec<u8>> {
        self.certificates.iter().map(|certificate| certificate.to_der(keys)).collect()
    }
}

/// All keys a case can use.
pub fn keys() -> Vec<Key> {
    (0..32).map(Key::new).collect()
}

struct Generator {
    random: Random,
    certificates: Vec<CertificateSpecification>,
    /// Positions of the chain, root first, leaf last.
    chain: Vec<usize>,
    settings: Settings,
}

impl Generator {
    fn new(random: Random) -> Self {
        Self { random, certificates: Vec::new(), chain: Vec::new(), settings: Settings::default() }
    }

    fn case(mut self) -> Case {
        self.chain();
        for (percent, decorate) in [
            (40, Self::policies as fn(&mut Self)),
            (40, Self::name_constraints),
            (25, Self::key_purposes),
            (30, Self::path_lengths),
            (25, Self::rewrite_names),
        ] {
            if self.random.chance(percent) {
                decorate(&mut self);
            }
        }
        let faults = *self.random.pick(&[0, 0, 0, 1, 1, 2]);
        for _ in 0..faults {
            self.fault();
        }
        if self.random.chance(12) {
            self.alternative();
        }
        if self.random.chance(10) {
            self.decoy();
        }
        let mut pool: Vec<usize> = (2..self.certificates.len()).collect();
        self.random.shuffle(&mut pool);
        Case { certificates: self.certificates, chain: self.chain, pool, settings: self.settings }
    }

    fn intermediates(&self) -> &[usize] {
        &self.chain[1..self.chain.len() - 1]
    }

    /// Root, up to four intermediates, some of them self-issued, and leaf: valid as they are.
    fn chain(&mut self) {
        let depth = *self.random.pick(&[0, 1, 1, 1, 2, 2, 3]);
        let organization = *self.random.pick(&["Ministry of Justice", "وزارة العدل", "Santé Publique"]);
        let base = NameSpecification::default().with(COUNTRY, "SY");
        let root = base.clone().with(ORGANIZATION, "National").with(COMMON_NAME, "Root CA");
        // The leaf's place is held for it.
        self.certificates = vec![authority(&root, 0, &root, 0), authority(&root, 0, &root, 0)];
        self.chain = vec![0];
        let (mut issuer, mut signer) = (root, 0);
        let mut key = 0;
        for level in 1..=depth {
            key += 1;
            let mut name = base.clone().with(ORGANIZATION, organization);
            if self.random.chance(30) {
                name = name.with(ORGANIZATIONAL_UNIT, "Registry");
            }
            let name = name.with(COMMON_NAME, &format!("CA {level}"));
            self.push(authority(&name, key, &issuer, signer));
            (issuer, signer) = (name, key);
            if self.random.chance(12) {
                key += 1;
                self.push(authority(&issuer, key, &issuer, signer));
                signer = key;
            }
        }
        let mut name = base.with(ORGANIZATION, organization);
        if self.random.chance(30) {
            name = name.with(ORGANIZATIONAL_UNIT, "Registry");
        }
        let mut leaf = authority(&name.with(COMMON_NAME, "Registrar"), key + 1, &issuer, signer);
        leaf.extensions
            .retain(|one| !matches!(one.contents, Contents::BasicConstraints { .. } | Contents::KeyUsage(_)));
        leaf.extend(true, Contents::KeyUsage(vec![DIGITAL_SIGNATURE]));
        if self.random.chance(30) {
            leaf.extend(self.random.chance(50), Contents::BasicConstraints { ca: false, path_length: None });
        }
        self.certificates[1] = leaf;
        self.chain.push(1);
        for (serial, certificate) in self.certificates.iter_mut().enumerate() {
            certificate.serial = serial as u64 + 1;
        }
    }

    fn push(&mut self, certificate: CertificateSpecification) {
        self.certificates.push(certificate);
        self.chain.push(self.certificates.len() - 1);
    }

    fn policies(&mut self) {
        for position in self.chain.clone() {
            let is_root = position == 0;
            if self.random.chance(if is_root { 20 } else { 90 }) {
                let mut policies = self.random.some_of(&POLICIES, 45);
                if self.random.chance(30) || policies.is_empty() {
                    policies.push(ANY_POLICY);
                }
                let qualifier = *self.random.pick(&[None, None, None, None, Some("1.3.6.1.5.5.7.2.1")]);
                let critical = self.random.chance(30);
                self.certificates[position].extend(critical, Contents::CertificatePolicies { policies, qualifier });
            }
            if position != 1 && !is_root && self.random.chance(30) {
                let pairs = (0..=self.random.below(2))
                    .map(|_| (*self.random.pick(&POLICIES), *self.random.pick(&POLICIES)))
                    .collect();
                let critical = self.random.chance(30);
                self.certificates[position].extend(critical, Contents::PolicyMappings(pairs));
            }
            if self.random.chance(if is_root { 4 } else { 20 }) {
                let mut count = |percent| self.random.chance(percent).then(|| self.random.below(3) as u64);
                let (require_explicit, mut inhibit_mapping) = (count(60), count(50));
                if require_explicit.is_none() {
                    inhibit_mapping = inhibit_mapping.or(Some(1));
                }
                let constraints = Contents::PolicyConstraints { require_explicit, inhibit_mapping };
                self.certificates[position].extend(true, constraints);
            }
            if position != 1 && self.random.chance(if is_root { 4 } else { 15 }) {
                let skip = self.random.below(3) as u64;
                self.certificates[position].extend(true, Contents::InhibitAnyPolicy(skip));
            }
        }
        if self.random.chance(50) {
            let mut acceptable = self.random.some_of(&POLICIES, 50);
            if acceptable.is_empty() {
                acceptable.push(POLICIES[0]);
            }
            self.settings.acceptable = Some(acceptable);
        }
        self.settings.require_explicit = self.random.chance(35);
        self.settings.inhibit_mapping = self.random.chance(12);
        self.settings.inhibit_any = self.random.chance(12);
    }

    fn name_constraints(&mut self) {
        let constrained = self.chain.len() - 1;
        for link in 0..constrained {
            if !self.random.chance(if link == 0 { 15 } else { 60 }) {
                continue;
            }
            let mut constraints = NameConstraintsSpecification::default();
            for _ in 0..=self.random.below(2) {
                let subtree = self.subtree();
                if self.random.chance(65) {
                    constraints.permitted.push(subtree);
                } else {
                    constraints.excluded.push(subtree);
                }
            }
            if self.random.chance(2) {
                constraints.maximum = Some(3);
            }
            let critical = self.random.chance(85);
            self.certificates[self.chain[link]].extend(critical, Contents::NameConstraints(constraints));
        }
        let mut names: Vec<GeneralNameSpecification> = (0..self.random.below(3)).map(|_| self.name()).collect();
        if self.random.chance(12) {
            let mut subject = self.certificates[1].subject.clone();
            self.rewrite(&mut subject);
            self.certificates[1].subject = subject;
        }
        let leaf = &mut self.certificates[1];
        if self.random.chance(15) {
            let address = *self.random.pick(&MAILBOXES);
            leaf.subject = leaf.subject.clone().with(EMAIL_ADDRESS, address);
        }
        if self.random.chance(6) {
            leaf.subject = NameSpecification::default();
            names.push(self.name());
        }
        if !names.is_empty() {
            let critical = self.certificates[1].subject.0.is_empty();
            self.certificates[1].extend(critical, Contents::SubjectAltName(names));
        }
        if self.random.chance(10) && !self.intermediates().is_empty() {
            let intermediates = self.intermediates().to_vec();
            let position = *self.random.pick(&intermediates);
            let name = self.name();
            self.certificates[position].extend(false, Contents::SubjectAltName(vec![name]));
        }
    }

    /// A base of a subtree.
    fn subtree(&mut self) -> GeneralNameSpecification {
        use GeneralNameSpecification as G;
        let text = |text: &&str| (*text).to_owned();
        match self.random.below(14) {
            0..=3 => {
                // A name of the chain, or the first RDNs of one, perhaps written otherwise.
                let position = *self.random.pick(&self.chain.clone());
                let mut base = self.certificates[position].subject.clone();
                base.0.truncate(1 + self.random.below(3));
                if self.random.chance(40) {
                    self.rewrite(&mut base);
                }
                G::Directory(base)
            }
            4..=6 => G::Dns(text(self.random.pick(&DNS_SUBTREES))),
            7 | 8 => G::Email(text(self.random.pick(&MAIL_SUBTREES))),
            9 | 10 => G::Uri(text(self.random.pick(&URI_SUBTREES))),
            11 | 12 => G::Ip(self.random.pick(&IP_SUBTREES).to_vec()),
            _ if self.random.chance(50) => G::RegisteredId("1.3.6.1.4.1.55555"),
            _ => G::Other("subtree".to_owned()),
        }
    }

    /// A name for subjectAltName.
    fn name(&mut self) -> GeneralNameSpecification {
        use GeneralNameSpecification as G;
        let text = |text: &&str| (*text).to_owned();
        match self.random.below(12) {
            0 => {
                let mut name = self.certificates[1].subject.clone();
                name.0.truncate(3);
                G::Directory(name.with(COMMON_NAME, "Other Registrar"))
            }
            1..=4 => G::Dns(text(self.random.pick(&HOSTS))),
            5 | 6 => G::Email(text(self.random.pick(&MAILBOXES))),
            7 | 8 => G::Uri(text(self.random.pick(&URIS))),
            9 | 10 => G::Ip(self.random.pick(&ADDRESSES).to_vec()),
            _ if self.random.chance(50) => G::RegisteredId("1.3.6.1.4.1.55555.3"),
            _ => G::Other("name".to_owned()),
        }
    }

    fn key_purposes(&mut self) {
        for position in self.chain.clone() {
            if self.random.chance(if position == 0 { 5 } else { 55 }) {
                let all = [SERVER_AUTH, CLIENT_AUTH, EMAIL_PROTECTION];
                let mut purposes = self.random.some_of(&all, 60);
                if purposes.is_empty() || self.random.chance(12) {
                    purposes.push(ANY_PURPOSE);
                }
                let critical = self.random.chance(25);
                self.certificates[position].extend(critical, Contents::ExtKeyUsage(purposes));
            }
        }
        self.settings.purpose =
            *self.random.pick(&[None, Some(SERVER_AUTH), Some(CLIENT_AUTH), Some(EMAIL_PROTECTION)]);
    }

    fn path_lengths(&mut self) {
        for link in 0..self.chain.len() - 1 {
            let percent = if link == 0 { 30 } else { 60 };
            let (random, position) = (&mut self.random, self.chain[link]);
            for extension in &mut self.certificates[position].extensions {
                if let Contents::BasicConstraints { path_length, .. } = &mut extension.contents
                    && random.chance(percent)
                {
                    *path_length = Some(random.below(4) as u64);
                }
            }
        }
    }

    /// Writes some issuer names otherwise than the subject above.
    fn rewrite_names(&mut self) {
        for position in self.chain.clone() {
            if position != 0 && self.random.chance(60) {
                let mut issuer = self.certificates[position].issuer.clone();
                self.rewrite(&mut issuer);
                self.certificates[position].issuer = issuer;
            }
        }
    }

    /// The same name by RFC 5280 §7.1, in other octets; seldom in a string type that does not compare as text.
    fn rewrite(&mut self, name: &mut NameSpecification) {
        for attribute in name.attributes_mut() {
            if !self.random.chance(50) {
                continue;
            }
            match self.random.below(7) {
                0 => attribute.text = attribute.text.to_uppercase(),
                1 => attribute.text = attribute.text.to_lowercase(),
                2 => attribute.text = attribute.text.replace(' ', "  "),
                3 => attribute.text.push(' '),
                4 if attribute.text.is_ascii() => attribute.string_type = StringType::Printable,
                5 => attribute.string_type = StringType::Bmp,
                6 if attribute.text.is_ascii() && self.random.chance(25) => {
                    attribute.string_type = StringType::Teletex;
                }
                _ => attribute.string_type = StringType::Utf8,
            }
        }
    }

    /// One thing that is wrong, or looks so.
    fn fault(&mut self) {
        let position = *self.random.pick(&self.chain.clone());
        let choice = self.random.below(18);
        let critical = self.random.chance(60);
        let change = self.random.below(4);
        let certificate = &mut self.certificates[position];
        match choice {
            0 => certificate.extensions.retain(|one| !matches!(one.contents, Contents::BasicConstraints { .. })),
            1 => {
                certificate.extensions.retain(|one| !matches!(one.contents, Contents::BasicConstraints { .. }));
                certificate.extend(critical, Contents::BasicConstraints { ca: position == 1, path_length: None });
            }
            2 => certificate.extensions.retain(|one| !matches!(one.contents, Contents::KeyUsage(_))),
            3 => {
                certificate.extensions.retain(|one| !matches!(one.contents, Contents::KeyUsage(_)));
                let bits = [vec![CRL_SIGN], vec![DIGITAL_SIGNATURE], vec![KEY_CERT_SIGN], vec![1, 2]];
                certificate.extend(critical, Contents::KeyUsage(bits[change].clone()));
            }
            4..=6 => {
                (certificate.not_before, certificate.not_after) = *self.random.pick(&VALIDITIES);
            }
            7 | 8 => certificate.extend(critical, Contents::Unknown),
            9 => {
                let last = certificate.issuer.attributes_mut().last().expect("issuers have attributes");
                last.text.push('x');
            }
            10 => certificate.signature_broken = true,
            11 => certificate.signer = 31,
            12 => {
                certificate.extensions.retain(|one| !matches!(one.contents, Contents::AuthorityKeyIdentifier(_)));
                if change > 0 {
                    certificate.extend(false, Contents::AuthorityKeyIdentifier([0x77; 8]));
                }
            }
            13 => certificate.extensions.retain(|one| !matches!(one.contents, Contents::SubjectKeyIdentifier(_))),
            14 => {
                // The same extension twice.
                if let Some(first) = certificate.extensions.first().cloned() {
                    certificate.extensions.push(first);
                }
            }
            15 if position != 0 => certificate.extend(
                critical,
                Contents::CertificatePolicies { policies: vec![ANY_POLICY], qualifier: Some("1.3.6.1.4.1.55555.8") },
            ),
            16 if position > 1 => certificate.extend(
                critical,
                Contents::PolicyMappings(vec![if change > 1 {
                    (ANY_POLICY, POLICIES[0])
                } else {
                    (POLICIES[0], ANY_POLICY)
                }]),
            ),
            // The two last RDNs change places, or go into one.
            17 if certificate.issuer.0.len() > 2 => {
                let last = certificate.issuer.0.len() - 1;
                if change > 1 {
                    certificate.issuer.0.swap(last - 1, last);
                } else if let Some(rdn) = certificate.issuer.0.pop() {
                    certificate.issuer.0[last - 1].extend(rdn);
                }
            }
            _ => certificate.signature_broken = true,
        }
        // A root that is not its own issuer is another case than a fault in a chain.
        if position == 0 {
            let subject = certificate.subject.clone();
            (certificate.issuer, certificate.signer, certificate.signature_broken) = (subject, certificate.key, false);
        }
    }

    /// Another certificate for an intermediate's key and name, by the same issuer, without the first one's extensions.
    fn alternative(&mut self) {
        let Some(link) = (1..self.chain.len() - 1).next_back() else { return };
        let first = self.certificates[self.chain[link]].clone();
        let above = self.certificates[self.chain[link - 1]].clone();
        let mut other = authority(&first.subject, first.key, &above.subject, above.key);
        other.serial = 40;
        if self.random.chance(30) {
            (other.not_before, other.not_after) = *self.random.pick(&VALIDITIES);
        }
        self.certificates.push(other);
    }

    /// A CA with the name of the leaf's issuer and another key, by the root: it fits by name only.
    fn decoy(&mut self) {
        let root = self.certificates[0].clone();
        let name = self.certificates[1].issuer.clone();
        let mut decoy = authority(&name, 30, &root.subject, root.key);
        decoy.serial = 41;
        self.certificates.push(decoy);
    }
}

/// A CA certificate that holds.
fn authority(subject: &NameSpecification, key: u8, issuer: &NameSpecification, signer: u8) -> CertificateSpecification {
    let mut certificate = CertificateSpecification {
        serial: 1,
        issuer: issuer.clone(),
        subject: subject.clone(),
        not_before: LONG_AGO,
        not_after: FAR,
        key,
        signer,
        signature_broken: false,
        extensions: Vec::new(),
    };
    certificate.extend(true, Contents::BasicConstraints { ca: true, path_length: None });
    certificate.extend(true, Contents::KeyUsage(vec![KEY_CERT_SIGN, CRL_SIGN]));
    certificate.extend(false, Contents::SubjectKeyIdentifier(Key::identifier(key)));
    certificate.extend(false, Contents::AuthorityKeyIdentifier(Key::identifier(signer)));
    certificate
}

/// Of both sides of each end.
pub const VALIDITIES: [(&str, &str); 7] = [
    (LONG_AGO, NOW_TEXT),
    (LONG_AGO, "250601115959Z"),
    (NOW_TEXT, FAR),
    ("250601120001Z", FAR),
    (LONG_AGO, "99991231235959Z"),
    ("20200101000000Z", FAR),
    ("500101000000Z", "250701000000Z"),
];

const HOSTS: [&str; 9] = [
    "justice.example",
    "a.justice.example",
    "A.Justice.EXAMPLE",
    "b.a.justice.example",
    "notjustice.example",
    "health.example",
    "*.justice.example",
    "justice.example.",
    "a_b.justice.example",
];
const DNS_SUBTREES: [&str; 8] = [
    "justice.example",
    "a.justice.example",
    "example",
    "Justice.Example",
    ".justice.example",
    "",
    "health.example",
    "x.example.",
];
const MAILBOXES: [&str; 8] = [
    "clerk@justice.example",
    "Clerk@justice.example",
    "clerk@JUSTICE.example",
    "clerk@a.justice.example",
    "clerk@health.example",
    "clerk",
    "a@b@justice.example",
    "@justice.example",
];
const MAIL_SUBTREES: [&str; 6] = [
    "justice.example",
    ".justice.example",
    "clerk@justice.example",
    "Justice.example",
    "health.example",
    "a.justice.example",
];
const URIS: [&str; 9] = [
    "https://justice.example/register",
    "https://a.justice.example:8443/x",
    "https://user@a.justice.example/",
    "https://JUSTICE.example",
    "https://health.example/?q",
    "https://192.0.2.1/",
    "urn:uuid:1",
    "mailto:clerk@justice.example",
    "ldap://justice.example/cn=x",
];
const URI_SUBTREES: [&str; 5] =
    ["justice.example", ".justice.example", "a.justice.example", "Justice.Example", "health.example"];
const IP_SUBTREES: [&[u8]; 7] = [
    &[192, 0, 2, 0, 255, 255, 255, 0],
    &[192, 0, 2, 128, 255, 255, 255, 128],
    &[192, 0, 2, 77, 255, 255, 255, 0],
    &[0, 0, 0, 0, 0, 0, 0, 0],
    &[192, 0, 2, 0, 255, 0, 255, 0],
    &[192, 0, 2, 0],
    &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];
const ADDRESSES: [&[u8]; 5] = [
    &[192, 0, 2, 1],
    &[192, 0, 2, 200],
    &[198, 51, 100, 1],
    &[192, 0, 2],
    &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
];

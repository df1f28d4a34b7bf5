//! Authorities that `openssl` runs at given times: certificates, lists, answers and time-stamps.

use std::sync::atomic::{AtomicUsize, Ordering};

use wathiqa::budget::Limits;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::time::Instant;
use wathiqa::tsp::{Transport, TransportError};
use wathiqa::x509::Certificate;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::ocsp::{CertId, OcspRequest, OcspResponse};

use crate::openssl::{AUTHORITY, KeyType, OpenSsl, POLICY};

/// The subject, key and period of a certificate to be issued.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Names the files: `NAME.pem`, `NAME.key`.
    pub name: &'a str,
    pub subject: &'a str,
    pub key: KeyType,
    pub extensions: &'a [&'a str],
    /// First and last second: `20100101000000Z`.
    pub validity: (&'a str, &'a str),
    /// What it is signed with.
    pub digest: &'a str,
}

/// A certification authority with its book, which `openssl ca` keeps.
#[derive(Debug)]
pub struct CertificationAuthority<'a> {
    openssl: &'a OpenSsl,
    name: String,
    pub certificate: Certificate,
}

/// A certificate that was revoked: its file, when and for which reason.
pub type Revoked<'a> = (&'a str, &'a str, &'a str);

impl<'a> CertificationAuthority<'a> {
    /// An authority that signed its own certificate.
    pub fn root(openssl: &'a OpenSsl, wanted: &Wanted<'_>) -> Self {
        write_book(openssl, wanted.name);
        let wanted = Wanted { extensions: &AUTHORITY, ..*wanted };
        let certificate = issue(openssl, &wanted, wanted.name, &["-selfsign"]);
        Self { openssl, name: wanted.name.to_owned(), certificate }
    }

    /// An authority below this one.
    pub fn authority(&self, wanted: &Wanted<'_>) -> Self {
        write_book(self.openssl, wanted.name);
        let extensions = [&AUTHORITY[..], &["authorityKeyIdentifier = keyid"]].concat();
        let certificate = self.certify(&Wanted { extensions: &extensions, ..*wanted });
        Self { openssl: self.openssl, name: wanted.name.to_owned(), certificate }
    }

    /// A certificate of the day on which it begins.
    pub fn certify(&self, wanted: &Wanted<'_>) -> Certificate {
        issue(self.openssl, wanted, &self.name, &["-cert", &format!("{}.pem", self.name)])
    }

    /// The list of `time`, good for 30 days, when the authority had revoked `revoked`.
    pub fn list(&self, time: &str, digest: &str, revoked: &[Revoked<'_>]) -> Crl {
        let name = format!("{}-{}", self.name, unique());
        for suffix in ["", ".attr"] {
            let book = self.openssl.read(&format!("{}.book{suffix}", self.name));
            self.openssl.write(&format!("{name}.book{suffix}"), book);
        }
        write_config(self.openssl, &name);
        // Its number grows with its time.
        let number: String = time.chars().filter(char::is_ascii_digit).collect();
        self.openssl.write(&format!("{name}.number"), number + "\n");
        let [config, list] = ["cnf", "list"].map(|extension| format!("{name}.{extension}"));
        let [pem, key] = ["pem", "key"].map(|extension| format!("{}.{extension}", self.name));
        let by = ["ca", "-config", &config, "-cert", &pem, "-keyfile", &key, "-md", digest];
        for (certificate, since, reason) in revoked {
            let revoke = ["-revoke", &format!("{certificate}.pem"), "-crl_reason", reason];
            self.openssl.at(since).run(&[&by[..], &revoke].concat());
        }
        self.openssl.at(time).run(&[&by[..], &["-gencrl", "-out", &list]].concat());
        let der = self.openssl.run(&["crl", "-in", &list, "-outform", "DER"]);
        Crl::from_der(&der, &Limits::default()).unwrap()
    }

    /// The answer of `time` about a certificate of this authority, by its delegate `responder`, good for 30 days.
    pub fn answer(&self, time: &str, responder: &str, certificate: &Certificate) -> OcspResponse {
        let id = CertId::new(DigestAlgorithm::Sha1, certificate, self.certificate.public_key());
        let [request, response] = ["ocsp-request", "ocsp-response"].map(|kind| format!("{kind}-{}", unique()));
        self.openssl.write(&request, OcspRequest::new(id).to_der());
        let [book, pem] = ["book", "pem"].map(|extension| format!("{}.{extension}", self.name));
        let [signer, key] = ["pem", "key"].map(|extension| format!("{responder}.{extension}"));
        let by = ["ocsp", "-index", &book, "-CA", &pem, "-rsigner", &signer, "-rkey", &key, "-rmd", "sha1"];
        let files = ["-reqin", &request, "-respout", &response, "-ndays", "30"];
        self.openssl.at(time).run(&[&by[..], &files].concat());
        OcspResponse::from_der(&self.openssl.read(&response), &Limits::default()).unwrap()
    }
}

/// A time-stamping authority at a given time, which `openssl ts` runs.
#[derive(Debug, Clone, Copy)]
pub struct TimeStamping<'a> {
    openssl: &'a OpenSsl,
    /// Names the files of its certificate and key.
    name: &'a str,
    /// What it signs its tokens with, and names its certificate by.
    digest: &'a str,
    time: &'a str,
}

impl<'a> TimeStamping<'a> {
    pub fn new(openssl: &'a OpenSsl, (name, digest): (&'a str, &'a str), time: &'a str) -> Self {
        Self { openssl, name, digest, time }
    }
}

impl Transport for TimeStamping<'_> {
    fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
        let Self { name, digest, .. } = self;
        let [serial, config, query, reply] =
            ["serial", "cnf", "tsq", "tsr"].map(|extension| format!("stamp-{}.{extension}", unique()));
        self.openssl.write(&serial, format!("{:04X}\n", unique()));
        self.openssl.write(
            &config,
            format!(
                "[tsa]\ndefault_tsa = this\n[this]\nserial = {serial}\nsigner_cert = {name}.pem\nsigner_key = {name}.key\n\
                 signer_digest = {digest}\ness_cert_id_alg = {digest}\ndefault_policy = {POLICY}\n\
                 digests = sha1, sha256, sha384, sha512\ntsa_name = yes\n"
            ),
        );
        self.openssl.write(&query, request);
        let arguments = ["ts", "-reply", "-config", &config, "-queryfile", &query, "-out", &reply];
        self.openssl.at(self.time).try_run(&arguments, &[]).map_err(TransportError::new)?;
        Ok(self.openssl.read(&reply))
    }
}

/// `2010-03-01T09:30:05Z` of `20100301093005Z`.
fn instant(time: &str) -> String {
    let [year, month, day, hour, minute, second] =
        [0..4, 4..6, 6..8, 8..10, 10..12, 12..14].map(|digits| &time[digits]);
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse::<Instant>().unwrap().to_string()
}

fn issue(openssl: &OpenSsl, wanted: &Wanted<'_>, authority: &str, by: &[&str]) -> Certificate {
    let Wanted { name, subject, validity: (from, to), digest, .. } = *wanted;
    let [key, csr, pem, extensions] =
        ["key", "csr", "pem", "extensions"].map(|extension| format!("{name}.{extension}"));
    openssl.write(&key, openssl.run(&[&["genpkey"], wanted.key.arguments()].concat()));
    openssl.write("req.cnf", "[req]\ndistinguished_name = dn\nstring_mask = utf8only\nutf8 = yes\n[dn]\n");
    openssl.run(&["req", "-new", "-utf8", "-config", "req.cnf", "-key", &key, "-subj", subject, "-out", &csr]);
    openssl.write(&extensions, wanted.extensions.join("\n"));
    let config = format!("{authority}.cnf");
    let keyfile = format!("{authority}.key");
    let what = ["ca", "-batch", "-notext", "-utf8", "-preserveDN", "-config", &config, "-keyfile", &keyfile];
    let how = ["-in", &csr, "-out", &pem, "-startdate", from, "-enddate", to, "-md", digest, "-extfile", &extensions];
    openssl.at(&instant(from)).run(&[&what[..], &how, by].concat());
    Certificate::from_der(&openssl.run(&["x509", "-in", &pem, "-outform", "DER"])).unwrap()
}

fn write_book(openssl: &OpenSsl, name: &str) {
    openssl.write(&format!("{name}.book"), "");
    openssl.write(&format!("{name}.book.attr"), "unique_subject = no\n");
    write_config(openssl, name);
}

fn write_config(openssl: &OpenSsl, name: &str) {
    openssl.write(
        &format!("{name}.cnf"),
        format!(
            "[ca]\ndefault_ca = this\n[this]\ndatabase = {name}.book\nnew_certs_dir = .\nrand_serial = yes\npolicy = any\n\
             preserve = yes\nstring_mask = utf8only\nutf8 = yes\ncrlnumber = {name}.number\ndefault_crl_days = 30\n\
             crl_extensions = list\n[any]\ncommonName = optional\n[list]\nauthorityKeyIdentifier = keyid\n"
        ),
    );
}

fn unique() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

//! Certificates, keys and time-stamps made by the `openssl` command line: input that other software made.
//!
//! ```ignore
//! #[path = "support/openssl.rs"]
//! mod openssl;
//!
//! let Some(openssl) = OpenSsl::in_folder("compact-es256") else { return }; // prints why, when there is no openssl
//! let documents = DocumentPki::new(&openssl, KeyType::P256);    // root -> ministry CA -> signer GO:SY-1234567889
//! documents.signer.certificate_der();                           // the chain leaf first: documents.chain_der()
//! documents.signer.key_pem();                                   // PKCS#8
//! let authority = TimeStampPki::new(&openssl, KeyType::Rsa3072); // root -> TSA, critical EKU timeStamping only
//! let response = authority.reply(&request);                     // openssl ts -reply: DER to DER
//! authority.verify(&token, data)?;                              // openssl ts -verify: Err has what it printed
//! authority.token_by(&other, &request);                         // a token that openssl ts would not make
//! openssl.issue(&Request { .. });                               // any other certificate: expired, other purpose, ..
//! openssl.certify(&Request { .. }, key_pem);                    // another certificate over a key that is there
//! openssl.certify_request(&csr, &documents.ministry, &SIGNER);  // openssl x509 -req: DER to DER
//! openssl.sign(&documents.signer, "PS256", octets);             // and verify, with the key in a certificate
//! openssl.at("2010-03-01T09:30:05Z");                           // the same folder, its clock stopped there by faketime
//! ```
//!
//! Every folder asked for is one of its own below the target directory, emptied first, where the files stay to be
//! looked at.
//! What cannot be made panics with the message of `openssl`. Ed25519 cannot sign time-stamps there.

#![allow(dead_code, reason = "each test uses a part of this")]
#![allow(unreachable_pub, reason = "the modules of a test have no public")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The code of the signing entity.
pub const ENTITY: &str = "GO:SY-1234567889";

/// What a certificate authority needs to be one (RFC 5280 §4.2.1.9 and §4.2.1.3).
pub const AUTHORITY: [&str; 3] = [
    "basicConstraints = critical, CA:TRUE",
    "keyUsage = critical, keyCertSign, cRLSign",
    "subjectKeyIdentifier = hash",
];

/// A certificate for signing documents.
pub const SIGNER: [&str; 4] = [
    "basicConstraints = critical, CA:FALSE",
    "keyUsage = critical, digitalSignature, nonRepudiation",
    "subjectKeyIdentifier = hash",
    "authorityKeyIdentifier = keyid",
];

/// A certificate for signing time-stamps: one key purpose, critical (RFC 3161 §2.3).
pub const STAMPER: [&str; 5] = [
    "basicConstraints = critical, CA:FALSE",
    "keyUsage = critical, digitalSignature",
    "extendedKeyUsage = critical, timeStamping",
    "subjectKeyIdentifier = hash",
    "authorityKeyIdentifier = keyid",
];

/// Valid whenever the test is run.
pub const LONG: (&str, &str) = ("20200101000000Z", "20491231235959Z");

/// The policy of time-stamps by [`TimeStampPki`].
pub const POLICY: &str = "1.3.6.1.4.1.55555.2";

/// Kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    P256,
    P384,
    Rsa3072,
    Ed25519,
    /// Not verified here at all.
    P521,
    /// Long enough to verify with, not to sign with.
    Rsa2048,
    /// Too short for anything.
    Rsa1024,
}

impl KeyType {
    /// Those for documents.
    pub const ALL: [Self; 4] = [Self::P256, Self::P384, Self::Rsa3072, Self::Ed25519];
    /// Those for time-stamps.
    pub const STAMPING: [Self; 3] = [Self::P256, Self::P384, Self::Rsa3072];

    /// The options of `openssl genpkey`.
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::P256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            Self::P384 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            Self::P521 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
            Self::Rsa3072 => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
            Self::Rsa2048 => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            Self::Rsa1024 => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
            Self::Ed25519 => &["-algorithm", "ED25519"],
        }
    }

    /// The digest it signs with, as `-md` names it.
    fn digest(self) -> &'static str {
        match self {
            Self::P384 => "sha384",
            Self::P521 => "sha512",
            Self::P256 | Self::Rsa3072 | Self::Rsa2048 | Self::Rsa1024 => "sha256",
            Self::Ed25519 => "default",
        }
    }
}

/// The `openssl` command line and the folder it works in.
#[derive(Debug)]
pub struct OpenSsl {
    folder: PathBuf,
    /// Where the clock stands, as `faketime` takes it; `None` for that of the machine.
    clock: Option<String>,
}

impl OpenSsl {
    /// A fresh folder for `name`, another at each call, for tests run side by side; `None`, with a line that says so, on
    /// a machine without `openssl`.
    pub fn in_folder(name: &str) -> Option<Self> {
        static FOLDERS: AtomicUsize = AtomicUsize::new(0);
        if Command::new("openssl").arg("version").output().is_err() {
            println!("{name}: skipped, there is no openssl command line");
            return None;
        }
        let name = format!("{name}-{}", FOLDERS.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME")).join(name);
        let _absent = fs::remove_dir_all(&folder);
        need(fs::create_dir_all(&folder), &folder.display().to_string());
        Some(Self { folder, clock: None })
    }

    /// As [`in_folder`](Self::in_folder), and `None` on a machine without `faketime` too.
    pub fn with_clock(name: &str) -> Option<Self> {
        if Command::new("faketime").arg("--version").output().is_err() {
            println!("{name}: skipped, there is no faketime, which stops the clock of openssl at a given time");
            return None;
        }
        Self::in_folder(name)
    }

    /// The same folder, at `time` (`2010-03-01T09:30:05Z`): the clock that `openssl` sees stands still there.
    pub fn at(&self, time: &str) -> Self {
        let clock = time.replace('T', " ").replace('Z', "");
        Self { folder: self.folder.clone(), clock: Some(clock) }
    }

    /// The path of a file in the folder.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// The octets of a file in the folder.
    pub fn read(&self, file: &str) -> Vec<u8> {
        need(fs::read(self.path(file)), file)
    }

    /// Writes a file in the folder.
    pub fn write(&self, file: &str, contents: impl AsRef<[u8]>) {
        need(fs::write(self.path(file), contents), file);
    }

    /// Runs `openssl` in the folder; what it wrote to its standard output, or everything it said when it failed.
    pub fn try_run(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
        let output = self.output(arguments, input);
        if output.status.success() { Ok(output.stdout) } else { Err(everything(&output)) }
    }

    /// Everything that `openssl` says, whether it succeeds or not: not every command says by its status that it failed.
    pub fn said(&self, arguments: &[&str], input: &[u8]) -> String {
        everything(&self.output(arguments, input))
    }

    fn output(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = match &self.clock {
            None => Command::new("openssl"),
            Some(clock) => {
                let mut command = Command::new("faketime");
                command.args(["-f", clock, "openssl"]).env("TZ", "UTC");
                command
            }
        };
        command.current_dir(&self.folder).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = need(command.spawn(), "openssl");
        if let Some(mut stdin) = child.stdin.take() {
            // A command that reads nothing may have ended already.
            let _closed = stdin.write_all(input);
        }
        need(child.wait_with_output(), "openssl")
    }

    /// Runs `openssl`, which must succeed.
    pub fn run(&self, arguments: &[&str]) -> Vec<u8> {
        need(self.try_run(arguments, &[]), &format!("openssl {}", arguments.join(" ")))
    }

    /// Makes a key and its certificate.
    pub fn issue(&self, request: &Request<'_>) -> Holder {
        let key = self.run(&[&["genpkey"], request.key.arguments()].concat());
        self.certify(request, &String::from_utf8_lossy(&key))
    }

    /// Makes a certificate over the PKCS#8 key `key_pem`, which is of the kind that `request` says.
    pub fn certify(&self, request: &Request<'_>, key_pem: &str) -> Holder {
        let name = request.name;
        let [key, csr, certificate, config] =
            ["key", "csr", "pem", "cnf"].map(|extension| format!("{name}.{extension}"));
        self.write(&key, key_pem);
        self.write("req.cnf", "[req]\ndistinguished_name = dn\nstring_mask = utf8only\nutf8 = yes\n[dn]\n");
        self.run(&["req", "-new", "-utf8", "-config", "req.cnf", "-key", &key, "-subj", request.subject, "-out", &csr]);
        self.write(&format!("{name}.index"), "");
        self.write(
            &config,
            format!(
                "[ca]\ndefault_ca = this\n[this]\ndatabase = {name}.index\nnew_certs_dir = .\nunique_subject = no\n\
                 rand_serial = yes\npolicy = any\npreserve = yes\nstring_mask = utf8only\nutf8 = yes\n\
                 x509_extensions = these\n[any]\ncommonName = optional\n[these]\n{}\n",
                request.extensions.join("\n")
            ),
        );
        let (from, to) = request.validity;
        let digest = request.issuer.map_or(request.key, |issuer| issuer.key_type).digest();
        let mut arguments = vec![
            "ca",
            "-batch",
            "-notext",
            "-utf8",
            "-preserveDN",
            "-config",
            &config,
            "-in",
            &csr,
            "-out",
            &certificate,
            "-startdate",
            from,
            "-enddate",
            to,
            "-md",
            digest,
        ];
        let issuer =
            request.issuer.map(|issuer| ["pem", "key"].map(|extension| format!("{}.{extension}", issuer.name)));
        match &issuer {
            Some([pem, key]) => arguments.extend(["-cert", pem, "-keyfile", key]),
            None => arguments.extend(["-selfsign", "-keyfile", &key]),
        }
        self.run(&arguments);
        let certificate_der = self.run(&["x509", "-in", &certificate, "-outform", "DER"]);
        let certificate_pem = String::from_utf8_lossy(&self.read(&certificate)).into_owned();
        let key_pem = key_pem.to_owned();
        Holder { name: name.to_owned(), key_type: request.key, certificate_der, certificate_pem, key_pem }
    }

    /// The DER certificate that `openssl x509 -req` makes for the DER request `csr`: valid from now, for a year.
    pub fn certify_request(&self, csr: &[u8], issuer: &Holder, extensions: &[&str]) -> Vec<u8> {
        self.write("request.csr", csr);
        self.write("request.cnf", format!("[these]\n{}\n", extensions.join("\n")));
        let [pem, key] = ["pem", "key"].map(|extension| format!("{}.{extension}", issuer.name));
        let whose = ["-CA", &pem, "-CAkey", &key, "-set_serial", "0x7f01", "-days", "365"];
        let what = ["-extfile", "request.cnf", "-extensions", "these", "-outform", "DER"];
        self.run(&[&["x509", "-req", "-inform", "DER", "-in", "request.csr"], &whose[..], &what].concat())
    }

    /// The signature over `octets` with the key of `holder` by `openssl pkeyutl`, ECDSA as DER. `algorithm` is that of
    /// JWS: `"ES256"`.
    pub fn sign(&self, holder: &Holder, algorithm: &str, octets: &[u8]) -> Vec<u8> {
        self.write("signed.octets", octets);
        let key = format!("{}.key", holder.name);
        let sign = ["pkeyutl", "-sign", "-inkey", &key, "-in", "signed.octets"];
        self.run(&[&sign, &*options(algorithm)].concat())
    }

    /// Whether `openssl pkeyutl -verify` accepts `signature` over `octets`, as from [`sign`](Self::sign), with the key in
    /// the certificate of `holder`; `Err` has what it said.
    pub fn verify(&self, holder: &Holder, algorithm: &str, octets: &[u8], signature: &[u8]) -> Result<(), String> {
        self.write("verified.octets", octets);
        self.write("verified.signature", signature);
        let certificate = format!("{}.pem", holder.name);
        let key = ["pkeyutl", "-verify", "-certin", "-inkey", &certificate];
        let what = ["-in", "verified.octets", "-sigfile", "verified.signature"];
        self.try_run(&[&key[..], &what, &options(algorithm)].concat(), &[]).map(|_| ())
    }
}

/// What makes `openssl pkeyutl` sign and verify by an algorithm of JWS.
#[expect(clippy::panic, reason = "a test that asks for something else is wrong")]
fn options(algorithm: &str) -> Vec<&'static str> {
    let digest = match algorithm {
        "EdDSA" => return vec!["-rawin"],
        "ES256" | "RS256" | "PS256" => "sha256",
        "ES384" | "RS384" | "PS384" => "sha384",
        "ES512" | "RS512" | "PS512" => "sha512",
        other => panic!("no options for {other}"),
    };
    let hashed = ["-rawin", "-digest", digest];
    let padding = ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"];
    if algorithm.starts_with("PS") { [&hashed[..], &padding].concat() } else { hashed.to_vec() }
}

fn everything(output: &Output) -> String {
    let said = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    said(&output.stderr) + &said(&output.stdout)
}

/// What [`OpenSsl::issue`] is to make.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Names the files: `NAME.pem`, `NAME.key`.
    pub name: &'a str,
    /// As `-subj` takes it: `/C=SY/O=Ministry/CN=Signer`.
    pub subject: &'a str,
    /// The kind of the key to make.
    pub key: KeyType,
    /// Who signs it; `None` for itself.
    pub issuer: Option<&'a Holder>,
    /// Lines of an extension section.
    pub extensions: &'a [&'a str],
    /// First and last second: `YYYYMMDDHHMMSSZ`.
    pub validity: (&'a str, &'a str),
}

/// A certificate and its key.
#[derive(Debug)]
pub struct Holder {
    name: String,
    key_type: KeyType,
    certificate_der: Vec<u8>,
    certificate_pem: String,
    key_pem: String,
}

impl Holder {
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// PKCS#8, as `openssl genpkey` writes it (version 1 for Ed25519).
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// Names the files in the folder: `NAME.pem`, `NAME.key`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Root, ministry CA and signer, all with keys of one kind.
#[derive(Debug)]
pub struct DocumentPki {
    pub root: Holder,
    pub ministry: Holder,
    /// Has the code [`ENTITY`] as its organizationIdentifier and C=SY.
    pub signer: Holder,
}

impl DocumentPki {
    pub fn new(openssl: &OpenSsl, key: KeyType) -> Self {
        let root = openssl.issue(&Request {
            name: "root",
            subject: "/C=SY/O=National Root/CN=National Root CA",
            key,
            issuer: None,
            extensions: &AUTHORITY,
            validity: LONG,
        });
        let ministry = openssl.issue(&Request {
            name: "ministry",
            subject: "/C=SY/O=Ministry of Justice/CN=Ministry of Justice CA",
            key,
            issuer: Some(&root),
            extensions: &[&AUTHORITY[..], &["authorityKeyIdentifier = keyid"]].concat(),
            validity: LONG,
        });
        let subject = format!("/C=SY/O=وزارة العدل/organizationIdentifier={ENTITY}/CN=Civil Registry Seal");
        let signer = openssl.issue(&Request {
            name: "signer",
            subject: &subject,
            key,
            issuer: Some(&ministry),
            extensions: &SIGNER,
            validity: LONG,
        });
        Self { root, ministry, signer }
    }

    /// Signer and ministry CA, the root left out, as `x5c` has them.
    pub fn chain_der(&self) -> [&[u8]; 2] {
        [self.signer.certificate_der(), self.ministry.certificate_der()]
    }
}

/// A time-stamp authority under its own root, served by `openssl ts`.
#[derive(Debug)]
pub struct TimeStampPki<'a> {
    openssl: &'a OpenSsl,
    pub root: Holder,
    pub authority: Holder,
}

impl<'a> TimeStampPki<'a> {
    pub fn new(openssl: &'a OpenSsl, key: KeyType) -> Self {
        let root = openssl.issue(&Request {
            name: "tsa-root",
            subject: "/C=SY/O=National Time/CN=National Time Root CA",
            key,
            issuer: None,
            extensions: &AUTHORITY,
            validity: LONG,
        });
        let authority = openssl.issue(&Request {
            name: "tsa",
            subject: "/C=SY/O=National Time/CN=Time-stamp Authority 1",
            key,
            issuer: Some(&root),
            extensions: &STAMPER,
            validity: LONG,
        });
        let digest = key.digest();
        openssl.write("tsa.serial", "01\n");
        openssl.write(
            "ts.cnf",
            format!(
                "serial = tsa.serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n\
                 signer_digest = {digest}\ndefault_policy = {POLICY}\ndigests = sha256, sha384, sha512\n\
                 accuracy = secs:1, millisecs:500\nclock_precision_digits = 3\ness_cert_id_chain = no\n\
                 ess_cert_id_alg = sha256\n[tsa]\ndefault_tsa = this\n[this]\nordering = yes\ntsa_name = yes\n\
                 [nameless]\nordering = yes\ntsa_name = no\n"
            ),
        );
        Self { openssl, root, authority }
    }

    /// Answers a DER TimeStampReq with a DER TimeStampResp. Whether the certificate is in it is for the request to say.
    pub fn reply(&self, request: &[u8]) -> Vec<u8> {
        self.openssl.write("request.tsq", request);
        self.openssl.run(&["ts", "-reply", "-config", "ts.cnf", "-queryfile", "request.tsq", "-out", "response.tsr"]);
        self.openssl.read("response.tsr")
    }

    /// The DER token that `signer` makes to answer `request`, whatever its certificate is for: `openssl ts` refuses to
    /// sign with a certificate for anything but time-stamps, `openssl cms` does not ask. It does not name the authority.
    pub fn token_by(&self, signer: &Holder, request: &[u8]) -> Vec<u8> {
        self.openssl.write("request.tsq", request);
        let reply = ["ts", "-reply", "-config", "ts.cnf", "-section", "nameless", "-queryfile", "request.tsq"];
        self.openssl.run(&[&reply[..], &["-token_out", "-out", "nameless.token"]].concat());
        let read = ["cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", "nameless.token"];
        self.openssl.run(&[&read[..], &["-out", "tst-info"]].concat());
        let [pem, key] = ["pem", "key"].map(|extension| format!("{}.{extension}", signer.name));
        let what = ["-in", "tst-info", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-nodetach", "-binary"];
        let how = ["-cades", "-nosmimecap", "-md", signer.key_type.digest(), "-outform", "DER"];
        self.openssl.run(&[&["cms", "-sign", "-signer", &pem, "-inkey", &key], &what[..], &how].concat())
    }

    /// Whether `openssl ts -verify` accepts the DER `token` over `data`; `Err` has what it said.
    pub fn verify(&self, token: &[u8], data: &[u8]) -> Result<(), String> {
        verify_token(self.openssl, token, data, self.root.certificate_pem())
    }
}

/// Whether `openssl ts -verify` accepts the DER `token` over `data` under the PEM certificate `anchor`.
pub fn verify_token(openssl: &OpenSsl, token: &[u8], data: &[u8], anchor: &str) -> Result<(), String> {
    openssl.write("verify.token", token);
    openssl.write("verify.data", data);
    openssl.write("verify.anchor", anchor);
    let arguments =
        ["ts", "-verify", "-token_in", "-in", "verify.token", "-data", "verify.data", "-CAfile", "verify.anchor"];
    openssl.try_run(&arguments, &[]).map(|_| ())
}

/// The value, or a panic that says what could not be had.
#[expect(clippy::panic, reason = "a test that cannot make its input has failed")]
fn need<T, E: std::fmt::Display>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}

//! Limits on what hostile input may cost, each with its source.
//!
//! [`Limits`] are settings; a [`Budget`] is what is left of them during one verification. Every loop over input either
//! is bounded by the size of the input, which [`Limits::input_octets`] bounds, or draws on a budget. Running out is a reason of
//! its own, [`Exhausted`], and ends the work.
//!
//! A file has many paths: one for each signature and each time-stamp. What is allowed for one path comes anew with
//! [`Budget::start_path`], what is allowed for one file does not.

use std::fmt;

/// The most that one verification may use of each resource.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of one document or token. 16 MiB: a government document is 1–4 KB (`bulk` figures of this project), an
    /// archived one with a large national CRL inside stays below this.
    pub input_octets: usize,
    /// Octets of one certificate revocation list. 128 MiB: the largest public list known had 76 MB (Liu et al., "An
    /// End-to-End Measurement of Certificate Revocation in the Web's PKI", IMC 2015).
    pub crl_octets: usize,
    /// Octets of one issue of the register of entities. 128 MiB: three times one of 10,000 entities with 20 events each, in
    /// base64url.
    pub register_octets: usize,
    /// Octets of the array of one status list, inflated. 16 MiB: the statuses of 67 million documents at two bits, where
    /// the test vectors of draft-ietf-oauth-status-list have a million.
    pub status_list_octets: usize,
    /// Nesting of JSON arrays and objects. 64: half of `serde_json`'s own guard of 128, ours falls first.
    pub json_depth: usize,
    /// Members and elements of one JSON text. 262,144: at 16 MiB, one for every 64 octets. The headers of a file's signatures
    /// share as many, and so do the items of an `etsiU`, in equal parts: an element of two octets takes 32 in memory.
    pub json_members: usize,
    /// Nesting of DER constructed values. 64: CMS within JAdES needs 14, RFC 5280 names nest below 10.
    pub der_depth: usize,
    /// Signatures of one JWS. 64: as many countersigning bodies as any procedure known to us, fourfold.
    pub signatures: usize,
    /// Items of one `etsiU` array. 1,024: a hundred rounds of archive time-stamps with their validation data.
    pub etsi_u_items: usize,
    /// Time-stamp tokens of one file, all its signatures together. 128: two for each of 64 signatures, or a hundred rounds
    /// of archive time-stamps.
    pub time_stamps: usize,
    /// Countersignatures of one file, all its signatures together and those of countersignatures. 64, as
    /// [`signatures`](Self::signatures).
    pub counter_signatures: usize,
    /// Nesting of countersignatures: of a signature, of its countersignature, … 8: a signer, and a chain of command of seven.
    pub counter_signature_depth: usize,
    /// Certificates of one `x5c`, of one `etsiU`, of one token. 1,024.
    pub certificates: usize,
    /// CRLs and OCSP responses of one `etsiU`, of one token. 1,024: ten for each of a hundred rounds of archive time-stamps.
    pub revocation_values: usize,
    /// Octets of one certificate. 256 KiB: the largest of x509-limbo, with 4,096 names and constraints, has 78 KB.
    pub certificate_octets: usize,
    /// Certificates in one path, the trust anchor not counted. 16: webpki has 6 intermediates, limbo's longest valid path 10.
    pub path_length: usize,
    /// Signature checks while building one path. 100, as in webpki (`verify_cert.rs`, from the Go and NSS budgets).
    pub path_signatures: usize,
    /// Candidate issuers tried for one file. 10,000; webpki allows 200,000 calls for one path, mozilla::pkix the same.
    pub path_candidates: usize,
    /// Comparisons of a name with a constraint for one file. 2^20, as in BoringSSL and Go (`crypto/x509`).
    pub name_comparisons: usize,
    /// Signatures of CRLs, OCSP responses and responders' certificates checked for one path. 100, as
    /// [`path_signatures`](Self::path_signatures): evidence is as hostile as certificates are.
    pub revocation_signatures: usize,
    /// Pairs of a distribution point and a CRL tried for one path. 10,000: ten points in each of ten certificates, against
    /// a hundred lists.
    pub revocation_candidates: usize,
    /// Signature checks for one file: those of all its paths and of their evidence. 2,048: 16 for the path of each of 64
    /// signatures and as many time-stamps. A check takes a millisecond at most.
    pub signature_checks: usize,
    /// Chains of one evidence record. 16: a chain begins when a hash function ends, four in a century; each is hashed with
    /// all before it.
    pub archive_time_stamp_chains: usize,
    /// Archive time-stamps of one evidence record, all chains together. 128: a renewal every two years for two centuries and
    /// a half.
    pub archive_time_stamps: usize,
    /// Lists in the reduced hash tree of one archive time-stamp. 64: a binary tree over 2^64 data objects has as many.
    pub reduced_hash_tree_lists: usize,
    /// Hashes in one list of a reduced hash tree. 65,536: a group of as many data objects, or a flat tree over them.
    pub reduced_hash_tree_hashes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_octets: 16 << 20,
            crl_octets: 128 << 20,
            register_octets: 128 << 20,
            status_list_octets: 16 << 20,
            json_depth: 64,
            json_members: 1 << 18,
            der_depth: 64,
            signatures: 64,
            etsi_u_items: 1024,
            time_stamps: 128,
            counter_signatures: 64,
            counter_signature_depth: 8,
            certificates: 1024,
            revocation_values: 1024,
            certificate_octets: 256 << 10,
            path_length: 16,
            path_signatures: 100,
            path_candidates: 10_000,
            name_comparisons: 1 << 20,
            revocation_signatures: 100,
            revocation_candidates: 10_000,
            signature_checks: 2048,
            archive_time_stamp_chains: 16,
            archive_time_stamps: 128,
            reduced_hash_tree_lists: 64,
            reduced_hash_tree_hashes: 1 << 16,
        }
    }
}

impl Limits {
    /// The limits of each of `parts` JSON texts inside one file.
    pub(crate) fn of_each(&self, parts: usize) -> Self {
        Self { json_members: self.json_members.checked_div(parts).unwrap_or_default(), ..self.clone() }
    }
}

/// What is left of the [`Limits`] that a search draws on.
#[derive(Debug, Clone)]
pub struct Budget {
    limits: Limits,
    time_stamps: usize,
    counter_signatures: usize,
    path_signatures: usize,
    path_candidates: usize,
    name_comparisons: usize,
    revocation_signatures: usize,
    revocation_candidates: usize,
    signature_checks: usize,
}

impl Budget {
    /// A full budget, for one file or for one path.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            time_stamps: limits.time_stamps,
            counter_signatures: limits.counter_signatures,
            path_signatures: limits.path_signatures,
            path_candidates: limits.path_candidates,
            name_comparisons: limits.name_comparisons,
            revocation_signatures: limits.revocation_signatures,
            revocation_candidates: limits.revocation_candidates,
            signature_checks: limits.signature_checks,
            limits: limits.clone(),
        }
    }

    /// Gives anew what one path may use; what the file may use stays as it is.
    pub fn start_path(&mut self) {
        self.path_signatures = self.limits.path_signatures;
        self.revocation_signatures = self.limits.revocation_signatures;
        self.revocation_candidates = self.limits.revocation_candidates;
    }

    /// The limits this budget started from.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes one unit of `resource`. A signature check of a path is also one of the file.
    ///
    /// # Errors
    /// [`Exhausted`] when none is left.
    pub fn draw(&mut self, resource: Resource) -> Result<(), Exhausted> {
        if matches!(resource, Resource::PathSignatures | Resource::RevocationSignatures) {
            self.draw(Resource::SignatureChecks)?;
        }
        let (left, limit) = match resource {
            Resource::TimeStamps => (&mut self.time_stamps, self.limits.time_stamps),
            Resource::CounterSignatures => (&mut self.counter_signatures, self.limits.counter_signatures),
            Resource::PathSignatures => (&mut self.path_signatures, self.limits.path_signatures),
            Resource::PathCandidates => (&mut self.path_candidates, self.limits.path_candidates),
            Resource::NameComparisons => (&mut self.name_comparisons, self.limits.name_comparisons),
            Resource::RevocationSignatures => (&mut self.revocation_signatures, self.limits.revocation_signatures),
            Resource::RevocationCandidates => (&mut self.revocation_candidates, self.limits.revocation_candidates),
            Resource::SignatureChecks => (&mut self.signature_checks, self.limits.signature_checks),
        };
        *left = left.checked_sub(1).ok_or(Exhausted { resource, limit })?;
        Ok(())
    }
}

/// A resource a search draws on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Resource {
    /// [`Limits::time_stamps`].
    TimeStamps,
    /// [`Limits::counter_signatures`].
    CounterSignatures,
    /// [`Limits::path_signatures`].
    PathSignatures,
    /// [`Limits::path_candidates`].
    PathCandidates,
    /// [`Limits::name_comparisons`].
    NameComparisons,
    /// [`Limits::revocation_signatures`].
    RevocationSignatures,
    /// [`Limits::revocation_candidates`].
    RevocationCandidates,
    /// [`Limits::signature_checks`].
    SignatureChecks,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimeStamps => "time-stamps",
            Self::CounterSignatures => "countersignatures",
            Self::PathSignatures => "signature checks while building paths",
            Self::PathCandidates => "candidate issuers",
            Self::NameComparisons => "name comparisons",
            Self::RevocationSignatures => "signature checks of revocation evidence",
            Self::RevocationCandidates => "revocation lists tried",
            Self::SignatureChecks => "signature checks in one file",
        })
    }
}

/// A limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[error("limit reached: more than {limit} {resource}")]
#[non_exhaustive]
pub struct Exhausted {
    /// What ran out.
    pub resource: Resource,
    /// How much of it there was.
    pub limit: usize,
}

impl Exhausted {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "limit-reached"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_unit_is_given_and_the_next_refused() {
        let mut budget = Budget::new(&Limits { path_signatures: 2, ..Limits::default() });
        assert_eq!(budget.draw(Resource::PathSignatures), Ok(()));
        assert_eq!(budget.draw(Resource::PathSignatures), Ok(()));
        let error = budget.draw(Resource::PathSignatures).unwrap_err();
        assert_eq!(error.to_string(), "limit reached: more than 2 signature checks while building paths");
    }

    #[test]
    fn a_path_starts_anew_and_the_file_does_not() {
        let limits = Limits { path_signatures: 2, signature_checks: 3, path_candidates: 1, ..Limits::default() };
        let mut budget = Budget::new(&limits);
        assert_eq!(budget.draw(Resource::PathCandidates), Ok(()));
        assert_eq!(budget.draw(Resource::PathSignatures), Ok(()));
        assert_eq!(budget.draw(Resource::RevocationSignatures), Ok(()));
        budget.start_path();
        assert_eq!(budget.draw(Resource::PathSignatures), Ok(()));
        let error = budget.draw(Resource::PathSignatures).unwrap_err();
        assert_eq!(error.to_string(), "limit reached: more than 3 signature checks in one file");
        assert_eq!(budget.draw(Resource::PathCandidates).unwrap_err().code(), "limit-reached");
    }
}

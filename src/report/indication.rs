//! The words of ETSI EN 319 102-1 for a verdict, and the few of our own.

use std::fmt;

/// The status of a validation (EN 319 102-1 §5.1.3): never a bool, for "we could not tell" is not "no".
///
/// ```
/// use wathiqa::report::Indication;
/// let verdict = Indication::Indeterminate;
/// assert!(verdict != Indication::TotalPassed && verdict != Indication::TotalFailed);
/// assert_eq!(verdict.to_string(), "INDETERMINATE");
/// ```
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(clippy::exhaustive_enums, reason = "EN 319 102-1 has three; a caller's match should be complete")]
pub enum Indication {
    /// Everything asked for was checked and holds.
    TotalPassed,
    /// What was given does not suffice to say that it holds or does not.
    Indeterminate,
    /// It does not hold, and nothing that might still be given would change that.
    TotalFailed,
}

impl fmt::Display for Indication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TotalPassed => "TOTAL_PASSED",
            Self::Indeterminate => "INDETERMINATE",
            Self::TotalFailed => "TOTAL_FAILED",
        })
    }
}

macro_rules! sub_indications {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $source:ident, $indication:ident;)*) => {
        /// Why a validation did not pass (EN 319 102-1 tables 5 and 6), and what is not the signature's fault.
        ///
        /// Those for which [`is_etsi`](Self::is_etsi) is false are this crate's: they speak of a document, not of a
        /// signature.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub enum SubIndication {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl SubIndication {
            /// Whether EN 319 102-1 defines it.
            #[must_use]
            pub fn is_etsi(self) -> bool {
                match self { $(Self::$name => matches!(Source::$source, Source::Etsi),)* }
            }

            /// The indication that it goes with.
            pub fn indication(self) -> Indication {
                match self { $(Self::$name => Indication::$indication,)* }
            }
        }

        impl fmt::Display for SubIndication {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$name => $word,)* })
            }
        }
    };
}

/// Who defines a word.
enum Source {
    Etsi,
    Ours,
}

sub_indications! {
    /// Not a JAdES signature as the standard describes it.
    FormatFailure = "FORMAT_FAILURE", Etsi, TotalFailed;
    /// A digest of something signed does not match.
    HashFailure = "HASH_FAILURE", Etsi, TotalFailed;
    /// The signature value does not verify with the signing certificate's key.
    SigCryptoFailure = "SIG_CRYPTO_FAILURE", Etsi, TotalFailed;
    /// The signing certificate was revoked before the proven time.
    Revoked = "REVOKED", Etsi, TotalFailed;
    /// The signature was made after the signing certificate ended.
    Expired = "EXPIRED", Etsi, TotalFailed;
    /// The signature was made before the signing certificate began.
    NotYetValid = "NOT_YET_VALID", Etsi, TotalFailed;
    /// An attribute or property that the policy asks for is missing or different.
    SigConstraintsFailure = "SIG_CONSTRAINTS_FAILURE", Etsi, Indeterminate;
    /// The chain found does not meet the constraints of the policy: purpose, key usage, a critical extension.
    ChainConstraintsFailure = "CHAIN_CONSTRAINTS_FAILURE", Etsi, Indeterminate;
    /// The certificates found do not make a valid path for another reason.
    CertificateChainGeneralFailure = "CERTIFICATE_CHAIN_GENERAL_FAILURE", Etsi, Indeterminate;
    /// An algorithm or key size is below what the policy asks, and was so when it was used.
    CryptoConstraintsFailure = "CRYPTO_CONSTRAINTS_FAILURE", Etsi, Indeterminate;
    /// An algorithm or key size is below what the policy asks, and nothing proves that it was used before.
    CryptoConstraintsFailureNoPoe = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", Etsi, Indeterminate;
    /// The policy asked for cannot be processed.
    PolicyProcessingError = "POLICY_PROCESSING_ERROR", Etsi, Indeterminate;
    /// The signature policy named in the signature is not available.
    SignaturePolicyNotAvailable = "SIGNATURE_POLICY_NOT_AVAILABLE", Etsi, Indeterminate;
    /// Time-stamps are not in the order that the signature says they were made.
    TimestampOrderFailure = "TIMESTAMP_ORDER_FAILURE", Etsi, Indeterminate;
    /// The signing certificate cannot be identified.
    NoSigningCertificateFound = "NO_SIGNING_CERTIFICATE_FOUND", Etsi, Indeterminate;
    /// No path leads from the signing certificate to a trust anchor.
    NoCertificateChainFound = "NO_CERTIFICATE_CHAIN_FOUND", Etsi, Indeterminate;
    /// Revoked at validation time, with nothing to prove that the signature is older.
    RevokedNoPoe = "REVOKED_NO_POE", Etsi, Indeterminate;
    /// A CA certificate revoked at validation time, with nothing to prove that the signature is older.
    RevokedCaNoPoe = "REVOKED_CA_NO_POE", Etsi, Indeterminate;
    /// The signing certificate is known not to be revoked but was out of its validity.
    OutOfBoundsNotRevoked = "OUT_OF_BOUNDS_NOT_REVOKED", Etsi, Indeterminate;
    /// The signing certificate is out of its validity, with nothing to prove that the signature is older.
    OutOfBoundsNoPoe = "OUT_OF_BOUNDS_NO_POE", Etsi, Indeterminate;
    /// A proof of existence is missing.
    NoPoe = "NO_POE", Etsi, Indeterminate;
    /// Fresh revocation data would tell.
    TryLater = "TRY_LATER", Etsi, Indeterminate;
    /// What was signed, or an attachment, was not given.
    SignedDataNotFound = "SIGNED_DATA_NOT_FOUND", Etsi, Indeterminate;

    /// Certificate, issuer and document number do not name one entity.
    EntityMismatch = "ENTITY_MISMATCH", Ours, TotalFailed;
    /// Kind or year in the document number are not those of the document.
    NumberMismatch = "NUMBER_MISMATCH", Ours, TotalFailed;
    /// The entity did not exist, was suspended or had ended when the document was signed.
    EntityNotActive = "ENTITY_NOT_ACTIVE", Ours, TotalFailed;
    /// The register does not list the key for the entity when the document was signed.
    KeyNotListed = "KEY_NOT_LISTED", Ours, TotalFailed;
    /// The entity was not granted the kind or the service when the document was signed.
    NoAuthority = "NO_AUTHORITY", Ours, TotalFailed;
    /// Another entity signed than issued, without a mandate that holds.
    NoMandate = "NO_MANDATE", Ours, TotalFailed;
    /// No register that could tell: none was given, its next issue is due, or it is older than the signature.
    RegisterUnavailable = "REGISTER_UNAVAILABLE", Ours, Indeterminate;
    /// An attachment is not the one whose digest was signed.
    AttachmentAltered = "ATTACHMENT_ALTERED", Ours, TotalFailed;
    /// The issuer revoked the document.
    DocumentRevoked = "DOCUMENT_REVOKED", Ours, TotalFailed;
    /// The issuer suspended the document.
    DocumentSuspended = "DOCUMENT_SUSPENDED", Ours, TotalFailed;
    /// The issuer put another document in its place.
    DocumentSuperseded = "DOCUMENT_SUPERSEDED", Ours, TotalFailed;
    /// The status list that the document names was not given, or does not tell.
    StatusUnknown = "STATUS_UNKNOWN", Ours, Indeterminate;
    /// The journal of the issuer gives the number to no document, or to another.
    NotInJournal = "NOT_IN_JOURNAL", Ours, TotalFailed;
    /// The document is outside its own period of validity.
    DocumentNotInForce = "DOCUMENT_NOT_IN_FORCE", Ours, TotalFailed;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_standard_and_ours_are_marked() {
        assert_eq!(SubIndication::OutOfBoundsNoPoe.to_string(), "OUT_OF_BOUNDS_NO_POE");
        assert_eq!(serde_json::to_string(&SubIndication::SigCryptoFailure).unwrap(), "\"SIG_CRYPTO_FAILURE\"");
        assert!(SubIndication::OutOfBoundsNoPoe.is_etsi() && !SubIndication::EntityMismatch.is_etsi());
        assert_eq!(SubIndication::SignedDataNotFound.indication(), Indication::Indeterminate);
        assert_eq!(serde_json::to_string(&Indication::TotalPassed).unwrap(), "\"TOTAL_PASSED\"");
    }

    #[test]
    fn the_worse_indication_is_the_greater() {
        assert!(
            Indication::TotalFailed > Indication::Indeterminate && Indication::Indeterminate > Indication::TotalPassed
        );
    }
}

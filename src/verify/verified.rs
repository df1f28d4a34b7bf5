//! A document that was verified.

use serde::de::DeserializeOwned;

use crate::document::Document;
use crate::report::{Check, Report, Step, SubIndication};

/// Something read from octets whose signature, path, time and binding were verified. Nothing but
/// [`Report::into_verified`] makes one.
///
/// ```compile_fail,E0451
/// // There is no other way to a `Verified`.
/// let forged = wathiqa::verify::Verified { value: "anything", report: unimplemented!() };
/// ```
#[derive(Debug, Clone)]
pub struct Verified<T> {
    value: T,
    report: Report,
}

impl<T> Verified<T> {
    /// The report that proves it.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Lets go of the proof.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> std::ops::Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl Report {
    /// The document, with its body read as `B`, when the verdict is [`TotalPassed`](crate::report::Indication) and was
    /// made by [`Verifier::verify`](crate::verify::Verifier::verify).
    ///
    /// # Errors
    /// The report itself, with every reason, when it did not pass or was not about a document; and, when the body is not
    /// a `B`, the report with that as `TOTAL_FAILED / FORMAT_FAILURE`.
    pub fn into_verified<B: DeserializeOwned>(self) -> Result<Verified<Document<B>>, Box<Self>> {
        let (Some(payload), Some(reading)) = (self.verified_payload(), self.reading()) else {
            return Err(Box::new(self));
        };
        match Document::from_slice_in(payload, &reading.scheme, &reading.limits) {
            Ok(value) => Ok(Verified { value, report: self }),
            Err(error) => {
                let check = Check::failed(Step::DocumentFormat, SubIndication::FormatFailure, error);
                Err(Box::new(self.with_checks([check])))
            }
        }
    }
}

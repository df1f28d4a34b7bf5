//! The baseline level that a signature's structure shows (TS 119 182-1 §6.3).

use std::fmt;

use crate::jades::{EtsiU, EtsiUItem};

/// A baseline level. It speaks of structure alone: a broken `sigTst` still makes "B-T", and fails validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum BaselineLevel {
    /// B-B: signed, with the signing certificate pinned and a time claimed.
    #[serde(rename = "B-B")]
    BB,
    /// B-T: with a time-stamp over the signature.
    #[serde(rename = "B-T")]
    BT,
    /// B-LT: with the certificates and revocation data to validate it.
    #[serde(rename = "B-LT")]
    BLt,
    /// B-LTA: with an archive time-stamp over all of it.
    #[serde(rename = "B-LTA")]
    BLta,
}

impl BaselineLevel {
    /// The level that `etsi_u` shows, for a signature whose header keeps B-B.
    ///
    /// §6.3: each `sigTst` holds one token. One that holds none or two is no step to B-T, whatever stands beside it.
    pub(crate) fn of(etsi_u: &EtsiU) -> Self {
        let stamps = |item: &&EtsiUItem| item.name() == "sigTst";
        let holds_one = |item: &EtsiUItem| item.time_stamp_tokens().is_ok_and(|tokens| tokens.len() == 1);
        if etsi_u.items().iter().filter(stamps).all(holds_one) {
            Self::of_items(etsi_u.items().iter().map(EtsiUItem::name))
        } else {
            Self::BB
        }
    }

    /// The level that the names of the `etsiU` items show, for a signature whose header keeps B-B.
    ///
    /// Each level asks for the one before. B-LT forbids references to validation data (`xRefs` and its kin).
    fn of_items<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.collect();
        let any = |wanted: &[&str]| names.iter().any(|name| wanted.contains(name));
        let validation_data = any(&["xVals", "anyValData", "tstVD"]) && any(&["rVals", "anyValData", "tstVD"]);
        if !any(&["sigTst"]) {
            Self::BB
        } else if !validation_data || any(&["xRefs", "rRefs", "axRefs", "arRefs", "sigRTst", "rfsTst"]) {
            Self::BT
        } else if any(&["arcTst"]) {
            Self::BLta
        } else {
            Self::BLt
        }
    }
}

impl fmt::Display for BaselineLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BB => "B-B",
            Self::BT => "B-T",
            Self::BLt => "B-LT",
            Self::BLta => "B-LTA",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::budget::Limits;

    #[test]
    fn a_signature_time_stamp_holds_one_token() {
        let level = |items: &[&Value]| BaselineLevel::of(&EtsiU::read(&json!(items), &Limits::default()).unwrap());
        let stamp = |tokens: &[&str]| {
            let tokens: Vec<Value> = tokens.iter().map(|token| json!({"val": token})).collect();
            json!({"sigTst": {"tstTokens": tokens}})
        };
        let [none, one, two] = [stamp(&[]), stamp(&["MAA="]), stamp(&["MAA=", "MAA="])];
        assert_eq!(level(&[&one]), BaselineLevel::BT);
        assert_eq!(level(&[&one, &one]), BaselineLevel::BT);
        assert_eq!(level(&[&two]), BaselineLevel::BB);
        assert_eq!(level(&[&one, &two]), BaselineLevel::BB);
        assert_eq!(level(&[&none]), BaselineLevel::BB);
        assert_eq!(level(&[&json!({"arcTst": two["sigTst"]}), &one]), BaselineLevel::BT);
    }

    #[test]
    fn each_level_asks_for_the_one_before() {
        let level = |names: &[&str]| BaselineLevel::of_items(names.iter().copied());
        assert_eq!(level(&[]), BaselineLevel::BB);
        assert_eq!(level(&["xVals", "rVals", "arcTst"]), BaselineLevel::BB);
        assert_eq!(level(&["sigTst", "sigTst", "cSig"]), BaselineLevel::BT);
        assert_eq!(level(&["sigTst", "xVals"]), BaselineLevel::BT);
        assert_eq!(level(&["sigTst", "xVals", "rVals", "xRefs"]), BaselineLevel::BT);
        assert_eq!(level(&["sigTst", "xVals", "rVals"]), BaselineLevel::BLt);
        assert_eq!(level(&["sigTst", "anyValData", "arcTst"]), BaselineLevel::BLta);
    }
}

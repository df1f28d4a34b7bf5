//! The draft's test vectors, and what a list may not be.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::judgement::judge;
use super::*;
use crate::budget::Limits;
use crate::codes::CodingScheme;
use crate::encoding::base64;
use crate::time::Instant;

#[rustfmt::skip]
mod vectors;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn array(bits: StatusBits, lst: &str) -> StatusArray {
    StatusArray::from_zlib(bits, &base64::decode_url(lst).unwrap(), &Limits::default()).unwrap()
}

/// §4.1, §4.2: the examples of one and of two bits.
#[test]
fn examples_of_section_4() {
    let one = array(StatusBits::One, "eNrbuRgAAhcBXQ");
    assert_eq!(one.as_octets(), [0xb9, 0xa3]);
    let statuses: Vec<u8> = (0..16).map(|index| one.get(index).unwrap()).collect();
    assert_eq!(statuses, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    let two = array(StatusBits::Two, "eNo76fITAAPfAgc");
    assert_eq!(two.as_octets(), [0xc9, 0x44, 0xf9]);
    let statuses: Vec<u8> = (0..12).map(|index| two.get(index).unwrap()).collect();
    assert_eq!(statuses, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    assert_eq!((one.get(16), two.get(12), two.get(u64::MAX)), (None, None, None));
}

/// Appendix C: lists of 2^20 entries, all 0 but those named.
#[test]
fn test_vectors_of_appendix_c() {
    let vectors = [
        (StatusBits::One, vectors::ONE_BIT, vectors::ONE_BIT_STATUSES.as_slice()),
        (StatusBits::Two, vectors::TWO_BITS, &vectors::TWO_BITS_STATUSES),
        (StatusBits::Four, vectors::FOUR_BITS, &vectors::FOUR_BITS_STATUSES),
        (StatusBits::Eight, vectors::EIGHT_BITS, &vectors::EIGHT_BITS_STATUSES),
    ];
    for (bits, lst, statuses) in vectors {
        let mut left = array(bits, lst);
        assert_eq!(left.len(), 1 << 20, "{bits:?}");
        for (index, status) in statuses {
            assert_eq!(left.get(*index), Some(*status), "{bits:?} {index}");
        }
        for (index, _) in statuses {
            assert!(left.set(*index, 0));
        }
        assert!(left.as_octets().iter().all(|octet| *octet == 0), "{bits:?}");
    }
}

proptest! {
    #[test]
    fn what_is_set_is_got_and_nothing_else(width in 0_usize..4, size in 1_u64..100, writes in prop::collection::vec((0_u64..110, 0_u8..=255), 0..40)) {
        let bits = [StatusBits::One, StatusBits::Two, StatusBits::Four, StatusBits::Eight][width];
        let octets = usize::try_from(size.div_ceil(8 / u64::from(bits.number()))).unwrap();
        let mut array = StatusArray::from_octets(bits, vec![0; octets]);
        let mut expected = vec![0; usize::try_from(array.len()).unwrap()];
        for (index, value) in writes {
            let fits = u32::from(value) < 1 << bits.number();
            let place = expected.get_mut(usize::try_from(index).unwrap()).filter(|_| fits);
            prop_assert_eq!(array.set(index, value), place.is_some());
            if let Some(place) = place { *place = value; }
        }
        let got: Vec<u8> = (0..array.len()).map(|index| array.get(index).unwrap()).collect();
        prop_assert_eq!(got, expected);
    }
}

const URI: &str = "https://justice.example.gov.sy/status/2025";

fn editor() -> StatusListEditor {
    StatusListEditor::new(URI, "1234567889".parse().unwrap(), StatusBits::Two, 100).unwrap()
}

/// Everything that a list can have.
fn whole() -> StatusList {
    let mut editor = editor().with_time_to_live(Duration::from_secs(43_200));
    editor.suspend(7, at("2025-04-01T00:00:00Z")).unwrap();
    editor.resume(7, at("2025-04-02T00:00:00Z")).unwrap();
    editor.revoke(7, at("2025-04-03T00:00:00Z")).unwrap();
    let successor = "1234567889-014-2025-00012345-22".parse().unwrap();
    editor.supersede(3, at("2025-03-01T00:00:00Z"), successor).unwrap();
    editor.suspend(99, at("2025-03-02T00:00:00Z")).unwrap();
    editor.build(at("2025-04-10T00:00:00Z"), at("2025-04-17T00:00:00Z")).unwrap()
}

fn read(octets: &[u8]) -> Result<StatusList, StatusListError> {
    StatusList::from_slice_in(octets, &CodingScheme::default(), &Limits::default())
}

#[test]
fn what_is_written_is_read() {
    let list = whole();
    let written = list.to_vec();
    assert_eq!(read(&written), Ok(list.clone()));
    let text = String::from_utf8(written).unwrap();
    let start = concat!(
        r#"{"changes":[{"by":"1234567889-014-2025-00012345-22","idx":3,"since":1740787200,"status":3},"#,
        r#"{"idx":7,"since":1743465600,"status":2},{"idx":7,"since":1743552000,"status":0},"#,
        r#"{"idx":7,"since":1743638400,"status":1},{"idx":99,"since":1740873600,"status":2}],"exp":1744848000,"#,
        r#""iat":1744243200,"iss":"1234567889","status_list":{"bits":2,"lst":""#
    );
    assert!(text.starts_with(start), "{text}");
    assert!(text.ends_with(&format!(r#""}},"sub":"{URI}","ttl":43200,"type":"wathiqa-status-list/1"}}"#)), "{text}");
    assert_eq!(
        read(
            StatusListEditor::from(list)
                .build(at("2025-04-11T00:00:00Z"), at("2025-04-12T00:00:00Z"))
                .unwrap()
                .to_vec()
                .as_slice()
        )
        .unwrap()
        .status(7),
        Some(StatusType::Revoked)
    );
}

#[test]
fn a_million_valid_documents_are_a_hundred_octets() {
    let editor = StatusListEditor::new(URI, "1234567889".parse().unwrap(), StatusBits::Two, 1_000_000).unwrap();
    let list = editor.build(at("2025-04-10T00:00:00Z"), at("2025-04-17T00:00:00Z")).unwrap();
    let written = list.to_vec();
    assert!(written.len() < 600, "{}", written.len());
    assert_eq!(read(&written).unwrap().array().len(), 1_000_000);
}

/// The whole list with what `change` makes of it.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut list: Value = serde_json::from_slice(&whole().to_vec()).unwrap();
    change(&mut list);
    list.to_string().into_bytes()
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Value), message: &str) {
    assert_eq!(read(&changed(change)).unwrap_err().to_string(), message);
}

#[test]
fn members_that_are_not_those_of_a_list() {
    for (member, lacking) in [
        ("type", "type"),
        ("iss", "iss"),
        ("sub", "sub"),
        ("iat", "iat"),
        ("exp", "exp"),
        ("status_list", "status_list"),
    ] {
        let message = format!("status list: member \"{lacking}\" is missing");
        refused(|list| drop(list.as_object_mut().unwrap().remove(member)), &message);
        for wrong in [json!(null), json!(true), json!([0]), json!(0.5)] {
            let error = read(&changed(|list| list[member] = wrong.clone())).unwrap_err();
            assert_eq!(error.code(), "status-list-member-type", "{member} {wrong}");
        }
    }
    for wrong in [json!(null), json!("1"), json!(1.5)] {
        assert_eq!(read(&changed(|list| list["ttl"] = wrong)).unwrap_err().code(), "status-list-member-type");
    }
    refused(
        |list| list["type"] = json!("wathiqa-status-list/2"),
        "status list: type is \"wathiqa-status-list/2\", expected wathiqa-status-list/1",
    );
    refused(|list| list["nbf"] = json!(0), "status list: member \"nbf\" is not known");
    let aggregation = "status list: member \"aggregation_uri\" is not known";
    refused(|list| list["status_list"]["aggregation_uri"] = json!("https://example.com"), aggregation);
    refused(|list| list["sub"] = json!("status/2025"), "status list: \"status/2025\" is not a URI");
    refused(
        |list| list["iss"] = json!("1234567803"),
        "status list: member \"iss\": entity code 1234567803: check digits are 03, expected 89",
    );
    refused(
        |list| list["exp"] = json!(1_744_243_199),
        "status list: issued at 2025-04-10T00:00:00Z, expires 2025-04-09T23:59:59Z",
    );
    refused(|list| list["ttl"] = json!(-1), "status list: member \"ttl\" is -1");
    refused(|list| list["iat"] = json!(i64::MAX), "status list: member \"iat\": time: outside the years 0 to 9999");
    assert_eq!(read(b"[]").unwrap_err().code(), "json-shape");
    let twice = String::from_utf8(changed(|_| ())).unwrap().replace("{\"changes\"", "{\"exp\":9744848000,\"changes\"");
    assert_eq!(read(twice.as_bytes()).unwrap_err().code(), "json-duplicate-member");
}

#[test]
fn an_array_that_is_none() {
    for bits in [0, 3, 16, -1] {
        refused(
            |list| list["status_list"]["bits"] = json!(bits),
            &format!("status list: {bits} bits for a status, expected 1, 2, 4 or 8"),
        );
    }
    let lst = |text: &str| {
        let text = text.to_owned();
        move |list: &mut Value| list["status_list"]["lst"] = json!(text)
    };
    refused(lst("eNrbuRgAAhcBXQ=="), "status list: the array: base64: octet 0x3d at offset 14 is not of the alphabet");
    refused(lst("uaM"), "status list: the array is no zlib stream: it is malformed");
    refused(lst("eNrbuRgAAhcBXA"), "status list: the array is no zlib stream: its checksum does not match");
    refused(lst("eNrbuRgAAhcBXQA"), "status list: 1 octets behind the zlib stream");
}

/// An array of a gigabyte in a megabyte is refused before it is a gigabyte.
#[test]
fn an_inflating_bomb() {
    let limit = Limits::default().status_list_octets;
    let bomb = |size: usize| {
        let lst = base64::encode_url(&miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; size], 9));
        changed(|list| {
            list.as_object_mut().unwrap().remove("changes");
            list["status_list"]["lst"] = json!(lst);
        })
    };
    assert_eq!(read(&bomb(limit)).unwrap().array().len(), 4 << 24);
    let error = read(&bomb(limit + 1)).unwrap_err();
    assert_eq!(error, StatusListError::ArrayTooLarge { limit });
    assert_eq!(
        (error.code(), error.to_string()),
        ("status-list-too-large", "status list: the array has more than 16777216 octets".to_owned())
    );
}

#[test]
fn changes_that_contradict() {
    let with = |position: usize, name: &'static str, value: Value| {
        move |list: &mut Value| list["changes"][position][name] = value
    };
    refused(
        with(1, "idx", json!(2)),
        "status list, entry 2: the change of 2025-04-01T00:00:00Z does not stand behind an earlier one",
    );
    refused(
        with(2, "since", json!(1_743_465_600)),
        "status list, entry 7: the change of 2025-04-01T00:00:00Z does not stand behind an earlier one",
    );
    refused(with(2, "status", json!(2)), "status list, entry 7: it was suspended before the change, too");
    refused(with(2, "status", json!(1)), "status list, entry 7: it was revoked before the change, too");
    refused(with(1, "status", json!(1)), "status list, entry 7: it is revoked, which is final");
    refused(with(1, "status", json!(0)), "status list, entry 7: it was valid before the change, too");
    refused(
        with(4, "status", json!(1)),
        "status list, entry 99: the changes end with revoked, the array has suspended",
    );
    refused(with(4, "status", json!(4)), "status list, entry 99: a change to the unknown status 4");
    refused(
        with(4, "since", json!(1_744_243_201)),
        "status list, entry 99: changed 2025-04-10T00:00:01Z, after the list was issued at 2025-04-10T00:00:00Z",
    );
    refused(with(4, "idx", json!(100)), "status list, entry 100: the list has 100 entries");
    refused(
        with(4, "by", json!("1234567889-014-2025-00012345-22")),
        "status list, entry 99: suspended, yet with a document that took its place",
    );
    refused(
        |list| drop(list["changes"][0].as_object_mut().unwrap().remove("by")),
        "status list, entry 3: superseded, but not by which document",
    );
    refused(with(0, "idx", json!(-3)), "status list: member \"idx\" is -3");
    refused(with(0, "status", json!(256)), "status list: member \"status\" is 256");
    refused(with(0, "why", json!("x")), "status list: member \"why\" is not known");
    refused(
        |list| list["changes"][0] = json!(7),
        "status list: member \"changes\": expected an array of objects, found an integer",
    );
}

#[test]
fn what_an_editor_refuses() {
    let day = |day: u8| at(&format!("2025-04-{day:02}T00:00:00Z"));
    let text = |result: Result<(), StatusListError>| result.unwrap_err().to_string();
    let mut editor = editor();
    editor.revoke(0, day(2)).unwrap();
    assert_eq!(text(editor.suspend(0, day(3))), "status list, entry 0: it is revoked, which is final");
    assert_eq!(text(editor.revoke(100, day(3))), "status list, entry 100: the list has 100 entries");
    assert_eq!(text(editor.resume(1, day(3))), "status list, entry 1: it was valid before the change, too");
    let fraction = at("2025-04-03T00:00:00.5Z");
    assert_eq!(
        text(editor.revoke(1, fraction)),
        "status list: 2025-04-03T00:00:00.5Z is not a whole number of seconds"
    );
    assert_eq!(editor.build(day(1), day(9)).unwrap_err().code(), "status-list-change");
    assert_eq!(editor.build(day(2), day(1)).unwrap_err().code(), "status-list-expires-before-issue");
    assert!(editor.build(day(2), day(2)).is_ok());

    let mut narrow = StatusListEditor::new("urn:x", "1234567889".parse().unwrap(), StatusBits::One, 8).unwrap();
    assert_eq!(text(narrow.suspend(0, day(2))), "status list, entry 0: suspended does not fit 1 bits");
    assert_eq!(narrow.build(day(2), day(3)).unwrap().status(0), Some(StatusType::Valid));

    let undated = changed(|list| drop(list.as_object_mut().unwrap().remove("changes")));
    let mut undated = StatusListEditor::from(read(&undated).unwrap());
    assert_eq!(
        text(undated.resume(99, day(20))),
        "status list, entry 99: it is suspended, and the list does not say since when"
    );

    let too_many = StatusListEditor::new("urn:x", "1234567889".parse().unwrap(), StatusBits::Eight, (16 << 20) + 1);
    assert_eq!(too_many.unwrap_err().code(), "status-list-too-large");
    let name = StatusListEditor::new("list 1", "1234567889".parse().unwrap(), StatusBits::One, 1).unwrap_err();
    assert_eq!(name.to_string(), "status list: \"list 1\" is not a URI");
}

#[test]
fn a_past_status_is_told_where_the_list_can() {
    let list = whole();
    let then = |index, text| list.status_at(index, at(text));
    assert_eq!(then(7, "2025-03-31T23:59:59Z"), Some(StatusType::Valid));
    assert_eq!(then(7, "2025-04-01T00:00:00Z"), Some(StatusType::Suspended));
    assert_eq!(then(7, "2025-04-02T12:00:00Z"), Some(StatusType::Valid));
    assert_eq!(then(7, "2025-04-03T00:00:00Z"), Some(StatusType::Revoked));
    assert_eq!(then(7, "2030-01-01T00:00:00Z"), Some(StatusType::Revoked));
    assert_eq!(then(8, "2020-01-01T00:00:00Z"), Some(StatusType::Valid));
    assert_eq!(then(100, "2020-01-01T00:00:00Z"), None);
    let undated = read(&changed(|list| drop(list.as_object_mut().unwrap().remove("changes")))).unwrap();
    assert_eq!(undated.status_at(7, at("2025-04-09T23:59:59Z")), None);
    assert_eq!(undated.status_at(7, at("2025-04-10T00:00:00Z")), Some(StatusType::Revoked));
}

/// The judgement of the document at `index`, at `time`, by the lists of its name.
fn judged(lists: &[&VerifiedStatusList], index: u64, time: &str, settings: StatusSettings) -> Result<(), String> {
    let issuer = "1234567889".parse().unwrap();
    judge((URI, index), issuer, lists, settings, at(time)).map_err(|error| error.to_string())
}

#[test]
fn what_a_list_makes_of_documents() {
    let list = VerifiedStatusList::new(whole());
    let strict = StatusSettings::default();
    let says = |index, time| judged(&[&list], index, time, strict).err().unwrap_or_default();
    let (day, last, after) = ("2025-04-10T00:00:00Z", "2025-04-10T12:00:00Z", "2025-04-10T12:00:01Z");
    assert_eq!(judged(&[&list], 0, day, strict), Ok(()));
    assert_eq!(judged(&[&list], 0, last, strict), Ok(()));
    assert_eq!(says(0, after), format!("status: the list {URI} is good until {last}, validated at {after}"));
    assert_eq!(says(7, day), "status: revoked since 2025-04-03T00:00:00Z");
    assert_eq!(says(7, after), "status: revoked since 2025-04-03T00:00:00Z");
    assert_eq!(says(7, "2025-04-01T12:00:00Z"), "status: suspended since 2025-04-01T00:00:00Z");
    assert_eq!(says(99, after), format!("status: the list {URI} is good until {last}, validated at {after}"));
    let successor = "status: superseded since 2025-03-01T00:00:00Z by 1234567889-014-2025-00012345-22";
    assert_eq!(says(3, day), successor);
    assert_eq!(says(100, day), format!("status: the list {URI} has 100 entries, the document's is at index 100"));

    let archive = StatusSettings { stale: StaleStatusList::Allow, ..strict };
    assert_eq!(judged(&[&list], 0, "2040-01-01T00:00:00Z", archive), Ok(()));
    assert_eq!(
        judged(&[&list], 99, "2040-01-01T00:00:00Z", archive),
        Err("status: suspended since 2025-03-02T00:00:00Z".to_owned())
    );
}

#[test]
fn a_list_without_dates_says_what_is() {
    let undated = changed(|list| drop(list.as_object_mut().unwrap().remove("changes")));
    let list = VerifiedStatusList::new(read(&undated).unwrap());
    let says = |index, time| judged(&[&list], index, time, StatusSettings::default()).err().unwrap_or_default();
    let day = "2025-04-10T00:00:00Z";
    assert_eq!(
        (says(7, day), says(3, day), says(99, day)),
        ("status: revoked".to_owned(), "status: superseded".to_owned(), "status: suspended".to_owned())
    );
    let before = "2025-04-09T00:00:00Z";
    assert_eq!(says(7, before), format!("status: revoked at {day}; what it was at {before}, the list does not say"));
}

#[test]
fn a_value_that_nobody_explained_is_not_valid() {
    let mut four = StatusArray::from_octets(StatusBits::Four, vec![0; 4]);
    assert!(four.set(2, 12));
    let list = VerifiedStatusList::new(StatusList { array: four, changes: Default::default(), ..whole() });
    let says = judged(&[&list], 2, "2025-04-10T00:00:00Z", StatusSettings::default());
    assert_eq!(says, Err("status: 12, which this version does not know".to_owned()));
}

#[test]
fn the_newest_list_of_the_issuer_counts() {
    let (older, other) = (whole(), StatusList { issuer: "2345678930".parse().unwrap(), ..whole() });
    let mut editor = StatusListEditor::from(whole());
    editor.revoke(0, at("2025-04-11T00:00:00Z")).unwrap();
    let newer = editor.build(at("2025-04-11T00:00:00Z"), at("2025-04-12T00:00:00Z")).unwrap();
    let [older, other, newer] = [older, other, newer].map(VerifiedStatusList::new);
    let says = |lists: &[&VerifiedStatusList]| judged(lists, 0, "2025-04-11T00:00:00Z", StatusSettings::default());
    let revoked = Err("status: revoked since 2025-04-11T00:00:00Z".to_owned());
    assert_eq!(says(&[&newer, &older, &other]), revoked);
    assert_eq!(says(&[&other, &older, &newer]), revoked);
    let another = format!("status: the list {URI} is entity 2345678930's, the document's issuer is 1234567889");
    assert_eq!(says(&[&other]), Err(another));
    assert_eq!(says(&[]), Err(format!("status: the list {URI} was not given")));
}

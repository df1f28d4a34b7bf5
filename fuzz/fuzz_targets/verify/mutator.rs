//! Changes what lies under the base64url of a signed file, which random octets seldom reach: header, payload, time-stamps.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::Value;
use wathiqa::encoding::base64::{decode_url, encode_url};

/// Writes another file of at most `max_size` octets into `data`, whose first `size` octets are a file, and gives its size.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let within = usize::try_from(seed % 4).is_ok_and(|chance| chance != 0);
    match serde_json::from_slice::<Value>(&data[..size]).ok().filter(|_| within).and_then(|file| inside(file, seed)) {
        Some(file) if file.len() <= max_size => {
            data[..file.len()].copy_from_slice(&file);
            file.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}

/// The file with one of its base64url texts changed.
fn inside(mut file: Value, seed: u32) -> Option<Vec<u8>> {
    let mut texts = Vec::new();
    collect(&mut file, &mut texts);
    let chosen = usize::try_from(seed / 4).ok()?.checked_rem(texts.len())?;
    let text = texts.into_iter().nth(chosen)?;
    let mut octets = decode_url(text).ok()?;
    let size = octets.len();
    octets.resize(size + 64, 0);
    let changed = fuzzer_mutate(&mut octets, size, size + 64);
    octets.truncate(changed);
    *text = encode_url(&octets);
    serde_json::to_vec(&file).ok()
}

fn collect<'a>(value: &'a mut Value, texts: &mut Vec<&'a mut String>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(elements) => elements.iter_mut().for_each(|element| collect(element, texts)),
        Value::Object(members) => members.values_mut().for_each(|member| collect(member, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

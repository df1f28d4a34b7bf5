#![allow(
    missing_docs,
    clippy::all,
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic
)]
use std::collections::BTreeMap;
use wathiqa::x509::Certificate;
#[test]
fn certs() {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut ok = 0;
    for line in std::fs::read_to_string("/tmp/certs/list").unwrap().lines() {
        let (i, src) = line.split_once(' ').unwrap();
        let der = std::fs::read(format!("/tmp/certs/{i}.der")).unwrap();
        match Certificate::from_der(&der) {
            Ok(c) => {
                ok += 1;
                if ok % 150 == 0 {
                    println!("{c:?}")
                }
            }
            Err(e) => reasons.entry(e.to_string()).or_default().push(format!("{i} {src}")),
        }
    }
    println!("ok {ok}");
    for (r, v) in reasons {
        println!("{} {r}: {:?}", v.len(), &v[..v.len().min(4)])
    }
    let (mut h, mut t) = (0, 0);
    let mut slow = std::time::Duration::ZERO;
    for f in std::fs::read_dir("/work/shared/vectors/hostile/cert").unwrap() {
        let der = std::fs::read(f.unwrap().path()).unwrap();
        let s = std::time::Instant::now();
        if Certificate::from_der(&der).is_ok() {
            h += 1
        }
        t += 1;
        slow = slow.max(s.elapsed());
    }
    println!("hostile {h}/{t} parsed, slowest {slow:?}");
}

#![allow(
    missing_docs,
    clippy::all,
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic
)]
use wathiqa::x509::Name;
#[test]
fn names() {
    let dir = "/work/shared/vectors/boringssl/";
    let v: serde_json::Value = serde_json::from_slice(&std::fs::read(format!("{dir}names.json")).unwrap()).unwrap();
    let read = |k: &serde_json::Value| std::fs::read(format!("{dir}{}", k.as_str().unwrap())).unwrap();
    let (mut ok, mut bad) = (0, 0);
    for p in v["pairs"].as_array().unwrap() {
        let got = match p["op"].as_str().unwrap() {
            "equal" => Name::from_der(&read(&p["a"])).unwrap().matches(&Name::from_der(&read(&p["b"])).unwrap()),
            "in_subtree" => {
                Name::from_der(&read(&p["name"])).unwrap().is_within(&Name::from_der(&read(&p["base"])).unwrap())
            }
            _ => panic!("{p}"),
        };
        if got == p["expect"].as_bool().unwrap() {
            ok += 1
        } else {
            bad += 1;
            println!("{p}")
        }
    }
    for p in v["unparsable"].as_array().unwrap() {
        match Name::from_der(&read(p)) {
            Err(e) => {
                ok += 1;
                println!("{e}")
            }
            Ok(n) => {
                bad += 1;
                println!("parsed {p} {n}")
            }
        }
    }
    println!("{ok} ok {bad} bad");
    println!("{}", Name::from_der(&read(&v["pairs"][0]["a"])).unwrap());
}

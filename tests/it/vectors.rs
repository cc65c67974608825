//! Proofs that others made, and what others think of them.
//!
//! `tests/data/merkle` has a dozen; with `GAMYEONG_MERKLE_VECTORS` at a whole `testdata` of
//! github.com/transparency-dev/merkle all of them are read.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use gamyeong::ledger::proof::{ProofError, verify_consistency, verify_inclusion};
use gamyeong::ledger::tree::Hash;
use serde_json::Value;

fn vectors(kind: &str) -> Vec<(PathBuf, Value)> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/merkle");
    let root = std::env::var_os("GAMYEONG_MERKLE_VECTORS").map_or(own.into(), PathBuf::from);
    let mut found = Vec::new();
    below(&root.join(kind), &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            (path, value)
        })
        .collect()
}

fn below(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            found.push(path);
        }
    }
}

/// What is no hash is one of its own: no tree has it.
fn hash(value: &Value) -> Hash {
    let text = value.as_str().unwrap_or_default();
    let bytes = BASE64.decode(text.as_bytes()).unwrap();
    Hash::from_base64(text).unwrap_or_else(|| Hash::of(&bytes))
}

fn proof(vector: &Value) -> Vec<Hash> {
    vector["proof"].as_array().into_iter().flatten().map(hash).collect()
}

#[test]
fn proofs_of_inclusion_that_others_made_are_judged_as_they_judge_them() {
    let vectors = vectors("inclusion");
    assert!(vectors.len() >= 5);
    for (path, vector) in vectors {
        let number = |key: &str| vector[key].as_u64().unwrap();
        let (leaf, root) = (hash(&vector["leafHash"]), hash(&vector["root"]));
        let (index, size) = (number("leafIdx"), number("treeSize"));
        let found = verify_inclusion(leaf, index, size, &proof(&vector), root);
        assert_eq!(found.is_err(), vector["wantErr"] == true, "{}: {found:?}", path.display());
    }
}

#[test]
fn proofs_of_consistency_that_others_made_are_judged_as_they_judge_them() {
    let vectors = vectors("consistency");
    assert!(vectors.len() >= 7);
    for (path, vector) in vectors {
        let number = |key: &str| vector[key].as_u64().unwrap();
        let (old, new) = (number("size1"), number("size2"));
        let (old_root, new_root) = (hash(&vector["root1"]), hash(&vector["root2"]));
        let found = verify_consistency(old, new, &proof(&vector), old_root, new_root);
        // Others take the empty tree for continued by any, or by none. Here it is no answer.
        if old == 0 {
            assert_eq!(found, Err(ProofError::NothingToCompare), "{}", path.display());
        } else {
            assert_eq!(found.is_err(), vector["wantErr"] == true, "{}: {found:?}", path.display());
        }
    }
}

//! Known answers: the eight leaves, roots and proofs of the reference tree of
//! Certificate Transparency, from `testonly/constants.go` and
//! `testonly/reference_test.go` of github.com/transparency-dev/merkle
//! (commits 582a6ad1 and 141d627e, Apache-2.0). Oracle: ct-merkle 0.3.0.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof};
use data_encoding::HEXLOWER;
use sha2::Sha256;

use super::super::proof::{ProofError, verify_consistency, verify_inclusion};
use super::super::tree::{Hash, Tree, leaf_hash};

const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Index, size, path.
const INCLUSION: [(u64, u64, &[&str]); 7] = [
    (0, 1, &[]),
    (0, 2, &["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"]),
    (1, 2, &["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"]),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
];

/// Earlier size, later size, path.
const CONSISTENCY: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
];

/// The size up to which everything is compared with everything.
const OVER_A_POWER_OF_TWO: u64 = 33;

fn reference() -> Tree {
    let mut tree = Tree::default();
    for leaf in LEAVES {
        tree.push(leaf_hash(&HEXLOWER.decode(leaf.as_bytes()).unwrap()));
    }
    tree
}

fn hashes(hex: &[&str]) -> Vec<Hash> {
    hex.iter().map(|hex| Hash::from_hex(hex).unwrap()).collect()
}

fn leaf(index: u64) -> Vec<u8> {
    format!("leaf {index}").into_bytes()
}

fn tree_of(size: u64) -> Tree {
    let mut tree = Tree::default();
    (0..size).for_each(|index| tree.push(leaf_hash(&leaf(index))));
    tree
}

fn oracle_of(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|index| tree.push(leaf(index)));
    tree
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn roots_are_the_published_ones() {
    let tree = reference();
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(tree.root_at(size as u64).unwrap().to_hex(), *root, "size {size}");
    }
    assert_eq!(tree.root_at(9), None);
    assert_eq!(Tree::default().root().to_hex(), ROOTS[0]);
}

#[test]
fn roots_of_many_sizes_are_those_of_each() {
    let end = OVER_A_POWER_OF_TWO + 3;
    let tree = tree_of(OVER_A_POWER_OF_TWO);
    for start in 0..end {
        for end in start..end {
            let each: Vec<Hash> = (start..end).map_while(|size| tree.root_at(size)).collect();
            assert_eq!(tree.roots(start..end), each, "{start} to {end}");
        }
    }
    assert_eq!(Tree::default().roots(0..2), [Tree::default().root()]);
}

#[test]
fn inclusion_proofs_are_the_published_ones() {
    let tree = reference();
    for (index, size, path) in INCLUSION {
        let proof = tree.prove_inclusion(index, size).unwrap();
        assert_eq!(proof, hashes(path), "{index} in {size}");
    }
}

#[test]
fn consistency_proofs_are_the_published_ones() {
    let tree = reference();
    for (old, new, path) in CONSISTENCY {
        assert_eq!(tree.prove_consistency(old, new).unwrap(), hashes(path), "{old} to {new}");
    }
}

#[test]
fn ct_merkle_agrees_on_every_root_and_inclusion_proof() {
    for size in 1..=OVER_A_POWER_OF_TWO {
        let (tree, oracle) = (tree_of(size), oracle_of(size));
        assert_eq!(tree.root().as_bytes().as_slice(), oracle.root().as_bytes().as_slice());
        for index in 0..size {
            let proof = tree.prove_inclusion(index, size).unwrap();
            let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(bytes(&proof), theirs.as_bytes(), "{index} in {size}");
            let hash = leaf_hash(&leaf(index));
            assert_eq!(verify_inclusion(hash, index, size, &proof, tree.root()), Ok(()));
            let ours = InclusionProof::<Sha256>::try_from_bytes(bytes(&proof)).unwrap();
            assert!(oracle.root().verify_inclusion(&leaf(index), index, &ours).is_ok());
        }
    }
}

#[test]
fn ct_merkle_agrees_on_every_consistency_proof() {
    let whole = tree_of(OVER_A_POWER_OF_TWO);
    for new in 1..=OVER_A_POWER_OF_TWO {
        let oracle = oracle_of(new);
        for old in 1..=new {
            let proof = whole.prove_consistency(old, new).unwrap();
            let theirs = oracle.prove_consistency(usize::try_from(new - old).unwrap());
            assert_eq!(bytes(&proof), theirs.as_bytes(), "{old} to {new}");
            let (old_root, new_root) = (whole.root_at(old).unwrap(), whole.root_at(new).unwrap());
            assert_eq!(verify_consistency(old, new, &proof, old_root, new_root), Ok(()));
            let ours = ConsistencyProof::<Sha256>::try_from_bytes(bytes(&proof)).unwrap();
            assert!(oracle.root().verify_consistency(&oracle_of(old).root(), &ours).is_ok());
        }
    }
}

/// What can be done to a proof: each hash changed, one more, one fewer.
fn damaged(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let other = Hash::of(b"other");
    let mut all = vec![[proof, &[other]].concat(), [&[other], proof].concat()];
    for index in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[index] = other;
        all.push(changed);
        let mut shorter = proof.to_vec();
        shorter.remove(index);
        all.push(shorter);
    }
    all
}

#[test]
fn a_damaged_inclusion_proof_never_passes() {
    for size in 1..=OVER_A_POWER_OF_TWO {
        let tree = tree_of(size);
        for index in 0..size {
            let (hash, root) = (leaf_hash(&leaf(index)), tree.root());
            let proof = tree.prove_inclusion(index, size).unwrap();
            for damaged in damaged(&proof) {
                assert!(verify_inclusion(hash, index, size, &damaged, root).is_err());
            }
            let other = Hash::of(b"other");
            assert!(verify_inclusion(other, index, size, &proof, root).is_err());
            assert!(verify_inclusion(hash, index, size, &proof, other).is_err());
            for wrong in (0..=size).filter(|&wrong| wrong != index) {
                assert!(verify_inclusion(hash, wrong, size, &proof, root).is_err());
            }
        }
    }
}

#[test]
fn a_damaged_consistency_proof_never_passes() {
    let tree = tree_of(OVER_A_POWER_OF_TWO);
    for new in 1..=OVER_A_POWER_OF_TWO {
        for old in 1..=new {
            let (old_root, new_root) = (tree.root_at(old).unwrap(), tree.root_at(new).unwrap());
            let proof = tree.prove_consistency(old, new).unwrap();
            for damaged in damaged(&proof) {
                assert!(verify_consistency(old, new, &damaged, old_root, new_root).is_err());
            }
            let other = Hash::of(b"other");
            assert!(verify_consistency(old, new, &proof, other, new_root).is_err());
            assert!(verify_consistency(old, new, &proof, old_root, other).is_err());
        }
    }
}

#[test]
fn an_empty_predecessor_is_neither_pass_nor_mismatch() {
    let tree = tree_of(3);
    let empty = Tree::default().root();
    let expected = Err(ProofError::NothingToCompare);
    assert_eq!(verify_consistency(0, 3, &[], empty, tree.root()), expected);
    assert_eq!(verify_consistency(0, 0, &[], empty, empty), expected);
    assert_eq!(tree.prove_consistency(0, 3).map(|_| ()), expected);
}

#[test]
fn proofs_outside_the_tree_are_refused() {
    let tree = tree_of(3);
    let shrinks = |old, new| ProofError::Shrinks { old, new };
    assert_eq!(tree.prove_inclusion(3, 3), Err(ProofError::Index { index: 3, size: 3 }));
    assert_eq!(tree.prove_inclusion(0, 4), Err(shrinks(4, 3)));
    assert_eq!(tree.prove_inclusion(0, 0), Err(ProofError::Index { index: 0, size: 0 }));
    assert_eq!(tree.prove_consistency(3, 2), Err(shrinks(3, 2)));
    assert_eq!(verify_consistency(3, 2, &[], tree.root(), tree.root()), Err(shrinks(3, 2)));
    let huge = verify_inclusion(tree.root(), u64::MAX - 1, u64::MAX, &[], tree.root());
    assert_eq!(huge, Err(ProofError::Length { found: 0 }));
}

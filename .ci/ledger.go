// A ledger in; whether Go's own transparency log reads it as gamyeong does, out.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run ledger.go LEDGER PROOFS
//
// LEDGER is the directory of a ledger, PROOFS one with a proof of inclusion of each record,
// SEQ.tlog-proof, and one of consistency with each earlier checkpoint, SIZE.consistency.
//
// Every checkpoint is opened with the ledger's Ed25519 key (golang.org/x/mod/sumdb/note) and
// compared with the root of the stored lines, every proof is checked (sumdb/tlog). Nothing
// of gamyeong is used.
//
// Not here: the P-256 signatures, which that package does not know.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tree holds the hashes of all records, as package tlog stores them.
type tree struct {
	leaves []tlog.Hash
	hashes []tlog.Hash
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = t.hashes[index]
	}
	return found, nil
}

func (t *tree) add(line []byte) error {
	stored, err := tlog.StoredHashes(int64(len(t.leaves)), line, t)
	if err != nil {
		return err
	}
	t.leaves = append(t.leaves, tlog.RecordHash(line))
	t.hashes = append(t.hashes, stored...)
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: ledger LEDGER PROOFS")
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "ledger:", err)
		os.Exit(1)
	}
}

func check(dir, proofs string) error {
	verifiers, err := keys(filepath.Join(dir, "keys.txt"))
	if err != nil {
		return err
	}
	records, err := records(dir)
	if err != nil {
		return err
	}
	checkpoints, err := checkpoints(dir, records, verifiers)
	if err != nil {
		return err
	}
	size := int64(len(records.leaves))
	root, err := tlog.TreeHash(size, records)
	if err != nil {
		return err
	}
	for seq := int64(0); seq < size; seq++ {
		path := filepath.Join(proofs, fmt.Sprintf("%d.tlog-proof", seq))
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rest, ok := cutPrefix(string(text), "c2sp.org/tlog-proof@v1\n")
		if !ok {
			return fmt.Errorf("%s: no proof", path)
		}
		// The extra data of one that lies beside a table: the record, byte for byte.
		if encoded, isThere := cutPrefix(rest, "extra "); isThere {
			end := strings.IndexByte(encoded, '\n')
			line, err := base64.StdEncoding.DecodeString(encoded[:end])
			if err != nil || tlog.RecordHash(line) != records.leaves[seq] {
				return fmt.Errorf("%s: extra data is not the record", path)
			}
			rest = encoded[end+1:]
		}
		index, hashes, head, err := parts(rest, "index ", verifiers)
		if err == nil && (index != seq || head.N != size || head.Hash != root) {
			err = fmt.Errorf("of another record or tree")
		}
		if err == nil {
			err = tlog.CheckRecord(hashes, head.N, head.Hash, index, records.leaves[seq])
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for old, earlier := range checkpoints {
		path := filepath.Join(proofs, fmt.Sprintf("%d.consistency", old))
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found, hashes, head, err := parts(string(text), "old ", verifiers)
		if err == nil && found != old {
			err = fmt.Errorf("of another size")
		}
		if err == nil {
			err = tlog.CheckTree(hashes, head.N, head.Hash, old, earlier)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	fmt.Printf("%d records, %d checkpoints, as many proofs of each: as Go reads them\n",
		size, len(checkpoints))
	return nil
}

// keys are the Ed25519 ones; the package knows no other.
func keys(path string) (note.Verifiers, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var known []note.Verifier
	for _, line := range strings.Fields(string(text)) {
		if verifier, err := note.NewVerifier(line); err == nil {
			known = append(known, verifier)
		}
	}
	if len(known) != 1 {
		return nil, fmt.Errorf("%s: %d Ed25519 keys, expected 1", path, len(known))
	}
	return note.VerifierList(known...), nil
}

func records(dir string) (*tree, error) {
	files, err := filepath.Glob(filepath.Join(dir, "records", "*.jsonl"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	all := new(tree)
	for _, file := range files {
		stored, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, line := range bytes.Split(bytes.TrimSuffix(stored, []byte("\n")), []byte("\n")) {
			if err := all.add(line); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// checkpoints gives the root of each size that was signed for.
func checkpoints(dir string, records *tree, known note.Verifiers) (map[int64]tlog.Hash, error) {
	files, err := filepath.Glob(filepath.Join(dir, "checkpoints", "*.note*"))
	if err != nil {
		return nil, err
	}
	found := make(map[int64]tlog.Hash)
	for _, file := range append(files, filepath.Join(dir, "head.note")) {
		stored, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		// A file of several has six lines for each.
		lines := strings.SplitAfter(string(stored), "\n")
		for len(lines) > 6 {
			head, err := open(strings.Join(lines[:6], ""), known)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			root, err := tlog.TreeHash(head.N, records)
			if err != nil || root != head.Hash {
				return nil, fmt.Errorf("%s: size %d: another root (%v)", file, head.N, err)
			}
			found[head.N] = root
			lines = lines[6:]
		}
		if len(lines) != 1 || lines[0] != "" {
			return nil, fmt.Errorf("%s: not of six lines", file)
		}
	}
	if len(found) != len(records.leaves) {
		return nil, fmt.Errorf("%d checkpoints of %d records", len(found), len(records.leaves))
	}
	return found, nil
}

// open reads a checkpoint. The package reads the same text behind a first line of its own.
func open(text string, known note.Verifiers) (tlog.Tree, error) {
	opened, err := note.Open([]byte(text), known)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != opened.Sigs[0].Name {
		return tlog.Tree{}, fmt.Errorf("not three lines of the signer")
	}
	return tlog.ParseTree([]byte("go.sum database tree\n" + lines[1] + "\n" + lines[2] + "\n"))
}

func parts(text, word string, known note.Verifiers) (int64, []tlog.Hash, tlog.Tree, error) {
	head, signed, ok := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	number, isOne := cutPrefix(lines[0], word)
	if !ok || !isOne {
		return 0, nil, tlog.Tree{}, fmt.Errorf("no proof")
	}
	index, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, nil, tlog.Tree{}, err
	}
	var hashes []tlog.Hash
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, tlog.Tree{}, err
		}
		hashes = append(hashes, hash)
	}
	opened, err := open(signed, known)
	return index, hashes, opened, err
}

// cutPrefix is strings.CutPrefix, which Debian's Go has not got yet.
func cutPrefix(text, prefix string) (string, bool) {
	return strings.TrimPrefix(text, prefix), strings.HasPrefix(text, prefix)
}

#!/usr/bin/env python3
"""Checks an Ordercast journal without any of Ordercast's own code, and without any package.

    journal.py entries.jsonl [--checkpoints FILE]... [--key HEX]
    journal.py --proof FILE [--key HEX]

The first form reads what `ordercast journal export` writes, from entry 0 on, and recomputes every hash, the tree and
every checkpoint. The second reads one proof, of an entry or of growth, as `ordercast journal proof` and
GET /api/v1/journal/{id}/proof write it. Exit code 0: it holds. 2: it does not, and the first bad entry is named. 1: the
input cannot be read. The format is described in docs/journal.md; hashes are SHA-256, trees RFC 6962, proofs RFC 9162,
signatures Ed25519 (RFC 8032).
"""

import argparse
import hashlib
import json
import re
import sys

ENTRY_DOMAIN = b"ordercast journal entry v1\n"
CHECKPOINT_DOMAIN = "ordercast checkpoint v1"
NOTHING = "0" * 64
HEX = re.compile(r"[0-9a-f]{64}\Z")
INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z\Z")

FIELDS = {
    "": "seq id at kind schema actor user community object result reason before after links trade origin prev_hash hash",
    "actor": "type id",
    "object": "type id",
    "links": "signal intent order fill connection",
    "trade": "broker symbol side quantity price broker_order_id",
    "origin": "request_id address agent",
}


class Bad(Exception):
    """The journal is not what was written."""


class Unreadable(Exception):
    """The input is not what it should be."""


# --- The bytes of an entry -------------------------------------------------------------------------------------------


def whole(value):
    """A whole number: `i` and eight bytes."""
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise Bad(f"{value!r} is no whole number of 64 bits")
    return b"i" + value.to_bytes(8, "big", signed=True)


def raw(data):
    """A length and so many bytes."""
    return len(data).to_bytes(8, "big") + data


def text(value):
    """A text: `s`, its length, its UTF-8."""
    if not isinstance(value, str):
        raise Bad(f"{value!r} is no text")
    return b"s" + raw(value.encode("utf-8", "surrogatepass"))


def option(value):
    """A text or nothing."""
    return b"n" if value is None else text(value)


def tree_of(value):
    """Any JSON value in its one form: keys in the order of their code points, no fractions."""
    if value is None:
        return b"n"
    if value is True:
        return b"t"
    if value is False:
        return b"f"
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return b"a" + len(value).to_bytes(8, "big") + b"".join(map(tree_of, value))
    if isinstance(value, dict):
        parts = [raw(key.encode()) + tree_of(value[key]) for key in sorted(value)]
        return b"o" + len(value).to_bytes(8, "big") + b"".join(parts)
    return whole(value)


def micros(instant):
    """Microseconds since 1970 of an instant in UTC, exactly."""
    match = INSTANT.match(instant) if isinstance(instant, str) else None
    if match is None:
        raise Bad(f"at: {instant!r} is no instant in UTC")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    # Days of the proleptic Gregorian calendar, counted from 1 March of year 0.
    years = year - (month <= 2)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = years * 365 + years // 4 - years // 100 + years // 400 + of_year - 719468
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return seconds * 1_000_000 + int((match.group(7) or "").ljust(6, "0") or 0)


def known(name, value):
    """The fields of one part of an entry; a field nobody hashes must not be there."""
    if not isinstance(value, dict):
        raise Bad(f"{name or 'entry'}: expected an object")
    names = FIELDS[name].split()
    more = sorted(set(value) - set(names))
    if more:
        raise Bad(f"{name + '.' if name else ''}{more[0]}: no entry has this field")
    lack = [one for one in names if one not in value]
    if lack:
        raise Bad(f"{name + '.' if name else ''}{lack[0]}: it is missing")
    return value


def canonical(line):
    """The bytes of an entry that are hashed."""
    entry = known("", line)
    parts = [whole(entry["seq"]), text(entry["id"]), whole(micros(entry["at"])), text(entry["kind"])]
    parts.append(whole(entry["schema"]))
    actor, thing = known("actor", entry["actor"]), known("object", entry["object"])
    parts += [text(actor["type"]), text(actor["id"]), option(entry["user"]), option(entry["community"])]
    parts += [text(thing["type"]), text(thing["id"]), text(entry["result"]), option(entry["reason"])]
    for name in ("before", "after"):
        parts.append(b"n" if entry[name] is None else b"j" + tree_of(entry[name]))
    links = known("links", entry["links"])
    parts += [option(links[name]) for name in FIELDS["links"].split()]
    if entry["trade"] is None:
        parts.append(b"n")
    else:
        trade = known("trade", entry["trade"])
        parts += [b"y"] + [text(trade[name]) for name in ("broker", "symbol", "side", "quantity")]
        parts += [option(trade["price"]), option(trade["broker_order_id"])]
    origin = known("origin", entry["origin"])
    return b"".join(parts + [option(origin[name]) for name in FIELDS["origin"].split()])


def entry_hash(line):
    """The hash of an entry behind the one before it."""
    before = line.get("prev_hash")
    if not isinstance(before, str) or not HEX.match(before):
        raise Bad("prev_hash: expected 64 lower-case hexadecimal digits")
    return hashlib.sha256(ENTRY_DOMAIN + bytes.fromhex(before) + canonical(line)).hexdigest()


# --- The tree --------------------------------------------------------------------------------------------------------


def leaf(digest):
    return hashlib.sha256(b"\0" + bytes.fromhex(digest)).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """Grows entry by entry; holds the roots of its full subtrees."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, digest):
        top, size = leaf(digest), self.size
        while size & 1:
            top, size = node(self.peaks.pop(), top), size >> 1
        self.peaks.append(top)
        self.size += 1

    def root(self):
        if not self.peaks:
            return hashlib.sha256(b"").hexdigest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node(peak, root)
        return root.hex()


def path_of(proof):
    path = proof.get("path")
    if not isinstance(path, list) or not all(isinstance(one, str) and HEX.match(one) for one in path):
        raise Unreadable("path: expected a list of hashes")
    return [bytes.fromhex(one) for one in path]


def climb(place, last, tops, path):
    """Goes up a path: `tops` are folded with each part of it where it stands on the left, the last of them on the right."""
    for other in path:
        if last == 0:
            raise Bad("the path is too long")
        if place & 1 or place == last:
            tops = [node(other, top) for top in tops]
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            tops[-1] = node(tops[-1], other)
        place, last = place >> 1, last >> 1
    if last:
        raise Bad("the path is too short")
    return [top.hex() for top in tops]


def check_inclusion(seq, digest, size, root, path):
    if not 0 <= seq < size:
        raise Bad(f"entry {seq} is none of {size}")
    if climb(seq, size - 1, [leaf(digest)], path) != [root]:
        raise Bad(f"the path does not lead from entry {seq} to the root")


def check_growth(first, first_root, second, second_root, path):
    if not 1 <= first <= second:
        raise Bad(f"{second} entries are not more than {first}")
    if first == second:
        if path or first_root != second_root:
            raise Bad("the same number of entries with two roots")
        return
    if first & (first - 1) == 0:
        path = [bytes.fromhex(first_root)] + path
    if not path:
        raise Bad("the path is too short")
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if climb(place, last, [path[0], path[0]], path[1:]) != [first_root, second_root]:
        raise Bad("the path does not lead to both roots")


# --- Ed25519, checking only (RFC 8032, 5.1.7) --------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def plus(one, two):
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, point):
    out = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            out = plus(out, point)
        point, factor = plus(point, point), factor >> 1
    return out


def x_of(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point_of(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def is_signed(key, message, signature):
    """Whether a signature is that of the key over the message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, made = point_of(key), point_of(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    if public is None or made is None or factor >= L:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(factor, BASE), plus(made, times(digest, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


# --- Checkpoints and journals ------------------------------------------------------------------------------------------


def check_signature(one, key):
    name = f"checkpoint {one['id']} of {one['size']} entries"
    if key is not None and one["key"] != key:
        raise Bad(f"{name}: it is signed by another key than {key}")
    message = f"{CHECKPOINT_DOMAIN}\n{one['size']}\n{one['root']}\n{micros(one['at'])}\n".encode()
    try:
        fits = is_signed(bytes.fromhex(one["key"]), message, bytes.fromhex(one["signature"]))
    except ValueError:
        fits = False
    if not fits:
        raise Bad(f"{name}: its signature does not fit")


def checkpoint(value):
    if not isinstance(value, dict) or not isinstance(value.get("size"), int):
        raise Unreadable("expected a checkpoint with a size")
    for name in ("id", "root", "at", "key", "signature"):
        if not isinstance(value.get(name), str):
            raise Unreadable(f"checkpoint: {name}: expected a text")
    return value


def lines(path):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise Unreadable(f"{path}, line {number}: {error}") from error


def check_journal(path, checkpoint_files, key):
    """Every entry from the first to the last, and every checkpoint when its size is reached."""
    marks = {}
    for file in checkpoint_files:
        for value in lines(file):
            one = checkpoint(value)
            marks.setdefault(one["size"], []).append(one)
    tree, before, held = Tree(), NOTHING, 0
    for line in lines(path):
        place = tree.size
        if not isinstance(line, dict):
            raise Unreadable(f"{path}: expected an object on each line")
        seq = line.get("seq")
        if seq != place or isinstance(seq, bool):
            raise Bad(f"entry {seq}: it stands at place {place}")
        if line.get("prev_hash") != before:
            raise Bad(f"entry {seq}: it does not follow the entry before it")
        try:
            digest = entry_hash(line)
        except Bad as bad:
            raise Bad(f"entry {seq}: {bad}") from bad
        if digest != line["hash"]:
            raise Bad(f"entry {seq}: its hash is not that of its fields")
        if seq == 0:
            named = (line["after"] or {}).get("public_key")
            if key is not None and named != key:
                raise Bad(f"entry 0 names the key {named}, not {key}")
            key = named
        tree.add(digest)
        before = digest
        for one in marks.pop(tree.size, []):
            check_signature(one, key)
            if one["root"] != tree.root():
                raise Bad(f"checkpoint {one['id']} of {tree.size} entries: the entries up to there were others")
            held += 1
    if marks:
        most = max(marks)
        raise Bad(f"entry {tree.size}: it is missing; checkpoint {marks[most][0]['id']} counts {most} entries")
    return f"journal verified\nentries that hold  {tree.size}\nhead hash          {before}\ncheckpoints        {held}"


def check_proof(path, key):
    with open(path, encoding="utf-8") as file:
        proof = json.load(file)
    if not isinstance(proof, dict):
        raise Unreadable(f"{path}: expected a proof")
    if "entry" in proof:
        entry, one = proof["entry"], checkpoint(proof.get("checkpoint"))
        seq = entry.get("seq") if isinstance(entry, dict) else None
        if entry_hash(entry) != entry["hash"]:
            raise Bad(f"entry {seq}: its hash is not that of its fields")
        check_inclusion(seq, entry["hash"], one["size"], one["root"], path_of(proof))
        check_signature(one, key)
        return f"proven: entry {seq} ({entry['id']}) is one of the {one['size']} signed at {one['at']}"
    first, second = checkpoint(proof.get("first")), checkpoint(proof.get("second"))
    if first["key"] != second["key"]:
        raise Bad("the checkpoints are signed by two keys")
    check_growth(first["size"], first["root"], second["size"], second["root"], path_of(proof))
    for one in (first, second):
        check_signature(one, key)
    return (
        f"proven: the {second['size']} entries signed at {second['at']} begin with "
        f"the {first['size']} signed at {first['at']}"
    )


def main():
    parser = argparse.ArgumentParser(description="Checks an Ordercast journal with none of its own code.")
    parser.add_argument("entries", nargs="?", help="what `ordercast journal export` wrote")
    parser.add_argument("--checkpoints", action="append", default=[], metavar="FILE", help="may be given often")
    parser.add_argument("--proof", metavar="FILE", help="what `ordercast journal proof` wrote")
    parser.add_argument("--key", metavar="HEX", help="the public key, known from elsewhere")
    given = parser.parse_args()
    if (given.entries is None) == (given.proof is None):
        parser.error("expected either a file of entries or --proof FILE")
    try:
        if given.proof is not None:
            print(check_proof(given.proof, given.key))
        else:
            print(check_journal(given.entries, given.checkpoints, given.key))
    except Bad as bad:
        print(f"NOT as it was written: {bad}")
        return 2
    except (Unreadable, OSError, ValueError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 1
    except (KeyError, TypeError, AttributeError) as error:
        print(f"cannot be read: a field is missing or of another kind: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

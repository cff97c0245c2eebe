# Refait les empreintes d'un dossier de preuves (LISEZMOI.txt, partie 5), sans le programme qui l'a écrit.
# À lancer dans le dossier ouvert : python3 recette.py
import hashlib, json, struct, sys
from datetime import date, datetime

sha = lambda b: hashlib.sha256(b).digest()
lines = lambda name: [json.loads(line) for line in open("chaine/" + name, encoding="utf-8")]

def field(tag, payload): return tag + struct.pack(">I", len(payload)) + payload
def i(n): return field(b"i", struct.pack(">q", n))
def s(text): return field(b"s", text.encode())
def b(hexa): return field(b"b", bytes.fromhex(hexa))
none = field(b"n", b"")
def day(text): return i((date.fromisoformat(text) - date(1970, 1, 1)).days) if text else none
def micros(text):
    since = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ") - datetime(1970, 1, 1)
    return i((since.days * 86400 + since.seconds) * 1000000 + since.microseconds)
def record(version, domain, *fields): return sha(b"\x02" + bytes([version]) + s(domain) + b"".join(fields)).hex()

def leaf(e):
    sums = [x for l in e["lines"] for x in (s(l["debit"]), s(l["credit"]), i(l["cents"]), i(l["debit_seq"]),
            i(l["debit_after"]), i(l["credit_seq"]), i(l["credit_after"]))]
    return record(1, "entry", i(e["no"]), s(e["journal"]), i(e["journal_no"]), s(e["kind"]), s(e["hub"]), day(e["posted_on"]),
        day(e.get("booked_on")), day(e.get("value_on")), s(e["source"]), b(e["content"]),
        i(e["reverses"]) if e.get("reverses") else none, s(e["actor"]), b(e["commitment"]), micros(e["at"]), i(len(e["lines"])), *sums)

def root(leaves):
    level = [sha(b"\0" + bytes.fromhex(x)) for x in leaves]
    while len(level) > 1:
        pairs = [sha(b"\1" + level[n] + level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2:]
    return level[0].hex()

def must(holds, what):
    if not holds: sys.exit("FAUX  " + what)

# Des textes effacés à la fin de leur conservation, il ne reste que la place.
erased = {f"{code[:3]} {place.split()[1]}" for code, place in (line.split(";")[:2]
    for line in open("effacements.csv", encoding="utf-8-sig")) if " " in place}
manifest = json.load(open("manifest.json", encoding="utf-8"))
entries = {e["no"]: e for e in lines("ecritures.jsonl")}
for e in entries.values():
    if {f"ENT {e['no']}", f"TEX {e['no']}"} & erased: continue
    if "journal" in e and not e.get("partial"): must(leaf(e) == e["leaf"], f"écriture {e['no']}")
    if "salt" in e: must(record(1, "label", b(e["salt"]), s(e["label"])) == e["commitment"], f"libellé de l'écriture {e['no']}")

head, last = manifest["batches"]["hash_before"], manifest["batches"]["from"] - 1
for t in lines("lots.jsonl"):
    if t["last"] <= manifest["entries"]["to"]:
        must(root([entries[n]["leaf"] for n in range(t["first"], t["last"] + 1) if n in entries]) == t["root"], f"lot {t['batch']}")
    head = record(1, "head", b(head), i(t["batch"]), i(t["first"]), i(t["last"]), b(t["root"]), micros(t["at"]))
    must(t["batch"] == last + 1 and head == t["head"], f"tête du lot {t['batch']}")
    last += 1
must(head == manifest["batches"]["head"], "dernière tête")

def log(name, part, what, number, sum_of):
    prev, last = part["hash_before"], part["from"] - 1
    for r in lines(name):
        must(r[number] == last + 1, f"{what} {last + 1}")
        if "prev" in r and f"ACT {r[number]}" not in erased or what == "lecture" and "prev" in r: must(r["prev"] == prev and sum_of(r) == r["hash"], f"{what} {r[number]}")
        prev, last = r["hash"], r[number]
    must(prev == part["head"] and last == part["to"], f"fin des {what}s")

optional = lambda r, name: b(r[name]) if r.get(name) else none
log("actes.jsonl", manifest["acts"], "acte", "seq", lambda a: record(2, "act", i(a["seq"]), micros(a["at"]), s(a["actor"]), s(a["action"]),
    s(a["object_type"]), s(a["object_id"]), optional(a, "before"), optional(a, "after"), s(a["reason"]), s(a["details"]),
    b(a["registers"]), b(a["prev"])))
log("lectures.jsonl", manifest["reads"], "lecture", "no", lambda r: record(1, "read", i(r["no"]), micros(r["at"]), s(r["user"]),
    s(r["person"]), s(r["mandate"]), s(r["what"]), s(r["request"]), b(r["prev"])))
print("VRAI  Les empreintes sont justes. Tête :", head)

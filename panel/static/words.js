// How many words a text has, by the rule of panel/web/text.py: whatever stands between spaces, dashes or slashes
// and holds a letter or a digit, once everything that cannot be seen is gone.

const LINE_ENDS = /[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]/gu;
const SPACES = /[ \t\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/gu;
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;
const BETWEEN_WORDS = /[\s/\u2012-\u2015]+/u;

export function countWords(text) {
  const seen = text.replace(LINE_ENDS, " ").replace(SPACES, " ").replace(UNSEEN, "").normalize("NFC");
  return seen.split(BETWEEN_WORDS).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;
}

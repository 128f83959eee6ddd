"""Everybody in the journey, by what they do. Three of them work without JavaScript."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Someone:
    """One person: what HR types when inviting her, and the password she chooses."""

    name: str
    email: str
    staff_no: str
    password: str
    javascript: bool = True


def _staff(name: str, staff_no: str, password: str, *, javascript: bool = True) -> Someone:
    address = name.lower().replace(" ", ".").replace("’", "") + "@tsrc.example"
    return Someone(name, address, staff_no, password, javascript)


ADMINISTRATOR = _staff("Harpreet Sandhu", "T30072", "gravel lantern soup nine")
HR = _staff("Folake Adeyemi", "H20114", "teapot meadow quartz idle")
CHAIR = _staff("Temitope Oyelaran", "P10027", "violet anchor pepper sky")
DEPUTY = _staff("Miriam Ravenscroft", "P10058", "button cedar walnut frost", javascript=False)
AUDITOR = _staff("Judith Fairweather", "T30455", "copper thimble olive raft")
CUSTODIANS = (
    _staff("Ruth Penhaligon", "H20208", "saddle ginger marble echo"),
    _staff("Paolo Marchetti", "H20219", "feather basil cobalt nest"),
    _staff("Shirin Rahimi", "H20245", "pebble orchid tandem blue"),
)
MARKERS = (
    _staff("Verity Stanhope", "P10402", "cinder maple ribbon oval"),
    _staff("Arjun Bhattacharya", "P10417", "walrus linen candle plum"),
    _staff("Karin Lindqvist", "T30518", "anvil papaya drizzle hen"),
    _staff("Chidi Obi", "P10433", "mitten granite saffron elk", javascript=False),
)

#: A name, an address and a number that occur nowhere else.
ZEPHYRINE = Someone(
    "Zephyrine Quillfeather", "zephyrine.quillfeather@tsrc.example", "ZQ-90417", "harbour nutmeg violin jar"
)
ROSE = _staff("Rose Ashdown", "P11288", "bramble sextant yoghurt dot")
CALLUM = _staff("Callum Brodie", "P11217", "tinsel oatmeal gazebo rye", javascript=False)
CANDIDATES = (ZEPHYRINE, ROSE, CALLUM)

#: What must occur on no page or header that marker, chair or auditor can reach before the names are opened.
SECRETS = ("zephyrine", "quillfeather", "90417")

INVITED = (HR, CHAIR, DEPUTY, ZEPHYRINE)
#: They have accounts already: what they would do is what those above do in the browser.
HIRED = (AUDITOR, *CUSTODIANS, *MARKERS, ROSE, CALLUM)

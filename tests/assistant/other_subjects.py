"""Three small libraries of subjects that nothing was chosen on: a kitchen, a harbour, a tenancy.

Each passage has a question in other words than its own.
"""

from __future__ import annotations

Library = dict[str, tuple[str, str]]  # heading to what stands below it, and a question

KITCHEN: Library = {
    "Sourdough": (
        "Feed the starter with equal weights of flour and water the evening before, and bake once "
        "it has doubled.",
        "when is my levain ready for baking bread?",
    ),
    "Boiled eggs": (
        "Lower the eggs into simmering water and take them out after seven minutes for a yolk that "
        "just runs.",
        "how long do I cook an egg so it stays soft",
    ),
    "Knives": (
        "Draw the blade along the whetstone at an angle of fifteen degrees, ten strokes on each "
        "side, and rinse it.",
        "how to sharpen a dull kitchen knife",
    ),
    "Cast iron": (
        "Dry the pan over a low flame after washing and rub a film of oil into it, or it rusts.",
        "care of an iron skillet",
    ),
    "Stock": (
        "Roast the bones until brown, cover them with cold water and simmer for six hours, "
        "skimming the foam.",
        "making broth from bones",
    ),
    "Chocolate": (
        "Melt the couverture to 45 degrees, cool it to 27 and warm it to 31, so that it sets with "
        "a gloss.",
        "tempering temperatures",
    ),
    "Rice": (
        "Rinse the grains until the water is clear, add one and a half times their volume of "
        "water, and leave the lid on.",
        "ratio of water for steamed rice",
    ),
    "Allergens": (
        "Guests who react to nuts, sesame or shellfish are served from boards that touch nothing "
        "else.",
        "what if a diner is allergic to peanuts?",
    ),
}
HARBOUR: Library = {
    "Berths": (
        "A visiting yacht of up to twelve metres lies at pontoon C; longer ones call the harbour "
        "master on channel 12.",
        "where can a guest boat moor?",
    ),
    "Tides": (
        "The sill dries at low water: boats that draw more than 1.4 m enter within three hours of "
        "high water.",
        "can I come in at ebb with a deep keel",
    ),
    "Fuel": (
        "Diesel and petrol are sold at the east quay from eight to five; nobody smokes there.",
        "opening hours of the gas station for boats",
    ),
    "Gales": (
        "From force eight on, double your mooring lines, take the sails off and set fenders on "
        "both sides.",
        "preparing the boat for a storm",
    ),
    "Distress": (
        "Say Mayday three times on channel 16 with the boat's name, her position and how many are "
        "aboard.",
        "radio call in an emergency",
    ),
    "Waste": (
        "Black water is pumped out at the station beside the slipway; none goes into the basin.",
        "where do I empty the toilet tank",
    ),
    "Antifouling": (
        "Hulls are sanded over a tarpaulin only, and the dust is handed in as special waste.",
        "rules for scraping old paint off the bottom",
    ),
    "Lifejackets": (
        "Children below twelve wear one on the pontoons, and everybody does in the dinghies.",
        "must my kid wear a flotation vest?",
    ),
}
TENANCY: Library = {
    "Deposit": (
        "The tenant pays two months' rent into a protected account; it comes back within a "
        "fortnight of moving out, less proven damage.",
        "when do I get my security money returned",
    ),
    "Notice": (
        "Either side ends the lease in writing, three months ahead, to the last day of a month.",
        "how much warning to terminate the rental contract",
    ),
    "Repairs": (
        "The landlord mends heating, roof and pipes; the tenant replaces bulbs and fuses.",
        "who pays for a broken boiler?",
    ),
    "Pets": (
        "Cats and small caged animals need no consent; dogs do, and it is refused for a reason "
        "only.",
        "may I keep a puppy in the flat",
    ),
    "Subletting": (
        "A room may be let to another with the landlord's leave, the whole home may not.",
        "can a tenant rent out a room to a lodger",
    ),
    "Noise": (
        "From ten at night to seven in the morning music and machines are not to be heard next "
        "door.",
        "quiet hours in the building",
    ),
    "Rent increase": (
        "The rent rises once in twelve months at most, by no more than the consumer price index.",
        "limit on raising what I pay each year",
    ),
    "Inspection": (
        "The landlord comes in with a day's warning and between nine and six, save when water "
        "runs.",
        "is the owner allowed to enter without telling me",
    ),
}
LIBRARIES = {"kitchen": KITCHEN, "harbour": HARBOUR, "tenancy": TENANCY}


def as_document(name: str) -> str:
    parts = (f"## {head}\n\n{text}\n" for head, (text, _) in LIBRARIES[name].items())
    return f"# The {name}\n\n" + "\n".join(parts)

//! Words that names and addresses are made of.

/// Given names, with letters beyond ASCII.
pub(crate) const GIVEN: [&str; 40] = [
    "Adaeze",
    "Théo",
    "Ingrid",
    "Priya",
    "Juan",
    "Mei",
    "Łukasz",
    "Zoë",
    "Owen",
    "Fatima",
    "Søren",
    "Chloé",
    "Dmitri",
    "Aoife",
    "Hiroshi",
    "Renée",
    "Walter",
    "Priscilla",
    "Kofi",
    "Lena",
    "Rosa",
    "Bartholomew",
    "Amara",
    "Nils",
    "Beatriz",
    "Tomás",
    "Yusuf",
    "Greta",
    "Ewa",
    "Björn",
    "Noor",
    "Camille",
    "Iain",
    "Sunniva",
    "Marisol",
    "José",
    "Hannah",
    "Xiu",
    "Viktor",
    "Oluwaseun",
];

/// Family names, with apostrophes, hyphens and letters beyond ASCII.
pub(crate) const FAMILY: [&str; 40] = [
    "Okonkwo",
    "Marchand",
    "Solheim",
    "O'Neil",
    "Núñez",
    "Wang",
    "Wiśniewski",
    "D'Angelo",
    "Quince",
    "Vandermeer",
    "Lindenbaum-Østergaard",
    "Abara",
    "Mensah",
    "Delgado",
    "St. John",
    "Müller",
    "García",
    "Bennett",
    "Achterberg",
    "MacLeod",
    "Ferreira",
    "Kowalczyk",
    "Haugen",
    "Tanaka",
    "Petrov",
    "O'Brien",
    "Dubois",
    "Castellanos",
    "Nguyễn",
    "Holloway",
    "Rasmussen",
    "Adeyemi",
    "Silva",
    "Thorne",
    "Bergström",
    "Çelik",
    "Ashdown",
    "Moreau",
    "Ivarsson",
    "Whitlock",
];

/// First words of businesses.
pub(crate) const TRADE: [&str; 20] = [
    "Harbor",
    "Quayside",
    "Fernhill",
    "Juniper",
    "Wharf Street",
    "Old Mill",
    "Copper Kettle",
    "Lighthouse",
    "Cedar & Salt",
    "Northwind",
    "Tidal",
    "Maple",
    "Granite",
    "Bluebird",
    "Cobbler's",
    "Driftwood",
    "Saltbox",
    "Foxglove",
    "Beacon",
    "Ropewalk",
];

/// Last words of businesses.
pub(crate) const BUSINESS: [&str; 16] = [
    "Grill",
    "Interiors",
    "Garden Supply",
    "Dental",
    "Bakery",
    "Inn",
    "Studio",
    "& Daughters",
    "Books",
    "Café",
    "Florists",
    "Landscaping",
    "Gallery",
    "Kitchen",
    "Yoga",
    "Hardware",
];

/// Streets.
pub(crate) const STREETS: [&str; 12] = [
    "Congress St",
    "Fore Street",
    "Harbor St",
    "Mill Lane",
    "Commercial St",
    "Exchange Street",
    "Oak Ave",
    "Spring St",
    "Ocean Avenue",
    "Pearl Street",
    "Ferry Rd",
    "Chestnut Street",
];

/// Cities with state and postal code.
pub(crate) const CITIES: [(&str, &str, &str); 8] = [
    ("Portland", "ME", "04101"),
    ("Astoria", "OR", "97103"),
    ("Camden", "ME", "04843"),
    ("Salem", "MA", "01970"),
    ("Newport", "RI", "02840"),
    ("Burlington", "VT", "05401"),
    ("Mystic", "CT", "06355"),
    ("San José", "CA", "95113"),
];

/// Addresses abroad: line, city, region, postal code, country as people type it.
pub(crate) const ABROAD: [(&str, &str, &str, &str, &str); 5] = [
    (
        "4 rue des Potiers",
        "Limoges",
        "Nouvelle-Aquitaine",
        "87000",
        "France",
    ),
    ("12 Hafenstraße", "Lübeck", "SH", "23552", "Germany"),
    ("88 King St W", "Toronto", "ON", "M5H 1A1", "CA"),
    (
        "3 Tŷ Coch",
        "Aberystwyth",
        "Ceredigion",
        "SY23 1AA",
        "United Kingdom",
    ),
    ("三丁目 5-1", "Kyoto", "", "604-8001", "Japan"),
];

/// Things a pottery shop sells: name and price in cents.
pub(crate) const WARES: [(&str, i64); 24] = [
    ("Mug", 2800),
    ("Bowl, small", 3200),
    ("Bowl, large", 5400),
    ("Dinner plate", 4600),
    ("Side plate", 3000),
    ("Teapot", 9800),
    ("Vase", 7600),
    ("Planter", 6400),
    ("Pitcher", 7200),
    ("Butter dish", 5800),
    ("Serving platter", 11_200),
    ("Espresso cup", 2200),
    ("Tile, 4 in", 1400),
    ("Lamp base", 14_800),
    ("Jar with lid", 6600),
    ("Ramekin", 1800),
    ("Candle holder", 2600),
    ("Sugar bowl", 3400),
    ("Olive oil cruet", 4200),
    ("Cake stand", 12_400),
    ("Spoon rest", 1600),
    ("Soap dish", 2000),
    ("Incense holder", 1900),
    ("Wall hook", 1500),
];

/// Glazes.
pub(crate) const GLAZES: [&str; 6] = ["Celadon", "Tenmoku", "Sea Salt", "Iron Red", "Oat", "Ash"];

/// Letters and digits that may stand in an address.
pub(crate) fn ascii(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            'a'..='z' | '0'..='9' => Some(c),
            'A'..='Z' => Some(c.to_ascii_lowercase()),
            'é' | 'ë' | 'è' | 'ê' => Some('e'),
            'á' | 'à' | 'å' => Some('a'),
            'ó' | 'ö' | 'ø' | 'Ø' => Some('o'),
            'ü' | 'ú' => Some('u'),
            'ñ' => Some('n'),
            'Ł' | 'ł' => Some('l'),
            'ś' => Some('s'),
            'Ç' | 'ç' => Some('c'),
            'í' => Some('i'),
            _ => None,
        })
        .collect()
}

"""The made-up people of the demo. Nobody here exists."""

SITES = (
    {
        "slug": "riverside",
        "name": "Riverside Spine Clinic",
        "emergency_number": "112",
        "telephone": "020 7946 0100",
        "email": "spine@riverside.example.org",
        "on_call_email": "oncall@riverside.example.org",
        "opening_hours": "Monday to Friday, 8 am to 6 pm",
        "time_zone": "Europe/London",
    },
    {
        "slug": "hillview",
        "name": "Hillview Back and Spine Centre",
        "emergency_number": "112",
        "telephone": "0131 496 0200",
        "email": "spine@hillview.example.org",
        "opening_hours": "Monday to Saturday, 9 am to 5 pm",
        "time_zone": "Europe/London",
    },
)

# sign-in, name, roles; at the second site the sign-ins end in "2"
STAFF = (
    ("surgeon", "Dr Amara Okafor", ("Surgeons",)),
    ("colleague", "Dr Henrik Lindqvist", ("Surgeons",)),
    ("lead", "Dr Mei-Ling Tan", ("Surgeons", "Lead surgeons")),
    ("coordinator", "Rosa Delgado", ("Coordinators",)),
    ("editor", "Dr Tomasz Nowak", ("Rule editors",)),
    ("signer", "Dr Priya Raman", ("Rule editors", "Sign-off")),
    ("administrator", "Joan Whitfield", ("Administrators",)),
)

NAMES = (
    "Aisha Rahman", "Albert Moss", "Ana Ribeiro", "Anders Holm", "Beatrix Kohl", "Ben Achterberg", "Blessing Eze",
    "Bram de Wit", "Carmen Iglesias", "Cedric Fontaine", "Chidi Nwosu", "Clara Voss", "Dafydd Pryce", "Dana Levi",
    "Devi Nair", "Dmitri Volkov", "Edith Marsh", "Ekaterina Sokolova", "Elif Demir", "Emeka Obi", "Esther Lindgren",
    "Fatima Zahra", "Finn O'Rourke", "Freya Nilsen", "Gaspard Leroy", "Gita Sharma", "Gwen Parry", "Hana Sato",
    "Hassan Karimi", "Helga Brandt", "Hugo Marchetti", "Ingrid Solberg", "Isaac Boateng", "Iva Petrova", "Jamal Reid",
    "Jelena Marić", "Jonas Weber", "José Ángel Ortuño", "Kalinda Moyo", "Karel Novák", "Keiko Mori", "Kwame Asante",
    "Laila Haddad", "Lars Jensen", "Leila Farahani", "Lina Popescu", "Luca Bianchi", "Maeve Kelly", "Mahmoud Saleh",
    "Maria da Conceição Teixeira de Albuquerque", "Marta Kowalska", "Mihai Ionescu", "Nadia Benali", "Noor Aziz",
    "Olga Ivanova", "Oskar Lund", "Paolo Conti", "Pilar Romero", "Quentin Dupuis", "Rana Malik", "Ravi Patel",
    "Ruth Abrams", "Sanjay Rao", "Siobhán Byrne", "Sofia Andersson", "Stefan Muller", "Tamar Gelashvili",
    "Tariq Hussain", "Thandiwe Dube", "Ursula Frei", "Viktor Horvat", "Wanjiru Kamau", "Xiu Chen", "Yara Costa",
    "Yusuf Adeyemi",
    "Zoë 🌻 Hart",
)  # fmt: skip

GOALS = (
    "Walk to the shops with my daughter again.",
    "Sit through a day at work without lying down at lunch.",
    "Sleep through a night.",
    "Pick up my grandchildren.",
    "Play the cello for more than ten minutes.",
    "Get back to driving the bus. I miss my passengers.",
    "Dig the garden. Just an hour would be enough.",
    "Stand long enough to cook a meal.",
)

NOTES = (
    "My sister had the same and an operation helped her, but I am scared of anaesthetics.",
    "I can only take calls after 4 in the afternoon.",
    "The pain moves: some days the left leg, on bad days the hip and the foot. I keep a diary and can bring it.",
    "",
    "",
)

QUESTIONS = (
    "Does the numb patch on your foot reach your big toe?",
    "When was your last scan, and at which hospital?",
    "Has the pain changed since the injection in your back?",
)

ADVICE = "Keep walking every day, go on with the exercises twice a week, and call us if a leg gets weak."
REASON = "On examination the findings are milder than the answers suggest."

# What surgeons write where they decide otherwise, and now and then where they agree.
REASONS = (
    "On examination the findings are milder than the answers suggest.",
    "The scan shows more than the answers told: two levels, not one.",
    "Conservative care was tried for longer than the answers say; it was written under other treatment.",
    "Works nights and lifts: waiting six more weeks is not realistic, and the picture is clear.",
    "The slip moves on standing films, so a small-cut approach alone would not hold it.",
    "The leg pain comes from the hip. The rule never asks about the groin.",
    "Too frail for an operation at present, whatever the level.",
    "The threshold for weeks of treatment seems too long where the pain is this bad.",
)
REMARK = "Agreed. The wording of the question about tingling confused the patient."

WORSE = "I shiver since last night, and the pain wakes me up."
CORRECTION = "My first name is written wrong. It has only one n."
MOVED = "I moved away and do not need you any more. Thank you."

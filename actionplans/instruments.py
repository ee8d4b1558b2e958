"""Legal instruments that terms of reference often rest on: offered as examples, never enforced."""

LEGAL_INSTRUMENTS = (
    "Convention on mutual assistance and cooperation between customs administrations (Naples II), 18 December 1997",
    "Council Decision 2009/917/JHA on the use of information technology for customs purposes (CIS, FIDE)",
    "Council Regulation (EC) No 515/97 on mutual administrative assistance, as amended",
    "Directive (EU) 2023/977 on the exchange of information between law enforcement authorities",
    "Regulation (EU) 2018/1672 on controls on cash entering or leaving the Union",
)

"""Texts about two things, written for the journeys."""

DELIVERY = (
    "My parcel should have been here on Monday",
    "When will the new card be delivered?",
    "The postman left nothing in my letter box",
    "How many days does the delivery take?",
    "I am still waiting for the card you sent",
    "Can you tell me where my parcel is now?",
    "The tracking page says nothing about my card",
    "Did you send it to my old address?",
    "Two weeks have gone by and no card came",
    "Is there a faster way to ship it?",
    "The envelope arrived but it was empty",
    "Please post it to my office",
)
EXCHANGE = (
    "Which exchange rate do you use for euros?",
    "The rate for dollars was worse than promised",
    "Is the exchange rate fixed when I pay?",
    "I got fewer francs than the market rate gives",
    "Where do you take your currency rates from?",
    "Your rate for yen is not the one in the news",
    "How often does the exchange rate change?",
    "Do you add a margin when you convert money?",
    "I changed pounds to euros and lost too much",
    "What would I get for a hundred dollars today?",
    "The conversion on my statement looks wrong",
    "Why is the weekend rate for crowns so bad?",
)
MIXED = tuple(text for pair in zip(DELIVERY, EXCHANGE, strict=True) for text in pair)

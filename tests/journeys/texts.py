"""What people write in the journey: questions, answers, marks with their evidence, practice scripts."""

from tests.journeys.cast import CALLUM, ROSE, ZEPHYRINE, Someone

STEADYING, DECIDING, FAIRNESS = "Steadying a situation", "Deciding on evidence", "Fairness"

QUESTIONS = {
    STEADYING: "Tell us about a time when a situation was getting worse and you steadied it. What did you do?",
    DECIDING: "Describe a difficult decision that you took on conflicting information. How did you reach it?",
}

#: The first words tell the answers apart.
ANSWERS: dict[tuple[Someone, str], str] = {
    (ZEPHYRINE, STEADYING): (
        "A football special was stopped short of the terminus and bottles were being thrown in the rear coach. "
        "I noticed that the crew had stopped making announcements and that one of my officers had gone quiet. "
        "I asked for a reason and a time to be given to everybody, moved that officer to work beside the conductor, "
        "and told the loudest group that we would move in eight minutes. We moved after nine, and nobody was hurt. "
        "Afterwards I told the team that I had paired people wrongly, and we now brief pairings by experience."
    ),
    (ZEPHYRINE, DECIDING): (
        "Eleven travellers said that one stall was short-changing them, and the landlord wanted it gone. "
        "I read every report, marked down stall, time and amount, and bought something twice myself. "
        "Six of seven reports fell in the shifts of one assistant. I asked the traders for their side before I chose. "
        "The stall stayed, the assistant stopped handling money, and I wrote down what would make me change my mind."
    ),
    (ROSE, STEADYING): (
        "Smoke had filled a tunnel on 3 March 2026 near Harbour Street and a train stood in it. "
        "The silence worried me more than shouting would have done, because nobody was telling people anything. "
        "I asked the driver to say three sentences after me. Then I told the channel the order: air, walkers, others. "
        "All were out in thirty-four minutes. My team now swaps any task done by one person at twenty minutes."
    ),
    (ROSE, DECIDING): (
        "Two witnesses gave opposite accounts of who had opened the level crossing gate. "
        "I asked the signaller for the log, and found that its clock was four minutes slow. "
        "With that both accounts fitted. I wrote the reasons down and had a colleague try to prove me wrong."
    ),
    (CALLUM, STEADYING): (
        "There was a large fight outside a public house next to the station. As the sergeant I took command. "
        "I have always been someone who stays calm and my colleagues would say the same. I called for more units "
        "and they arrived quickly. The situation was brought under control and the station stayed open."
    ),
    (CALLUM, DECIDING): (
        "Whether to hold the last train was my hardest decision. My wife was on it and I was told that a passenger "
        "had collapsed in the second coach. Control said there was nobody. I held it for six minutes. "
        "There was somebody, and the ambulance crew thanked us."
    ),
}
#: What Rose writes on second thoughts.
AMENDED = ANSWERS[ROSE, DECIDING] + " The crossing's clock has been checked every week since."
#: What would name its author, in three ways, and must be changed.
NAMING = ANSWERS[ZEPHYRINE, DECIDING] + " Zephyrine, ZQ-90417, was the name on the commendation."
#: Scripts by criterion, one each for practice, qualification and a second attempt: answer, agreed score and reason.
SCRIPTS = {
    STEADYING: (
        (
            "During a strike the queue reached the street. I let those with small children go first.",
            2,
            "One sound step of the writer's own. Nothing shows what was noticed first, or how colleagues were coping.",
        ),
        (
            "A panel fell on a crowded concourse. I shut the doors behind the crowd, then saw to the two hurt.",
            3,
            "The order is sensible and the reason for it is plain. How colleagues were coping is only touched on.",
        ),
        (
            "There was a fight on the last train and everybody was shouting, so I shouted louder until they stopped.",
            1,
            "It ended, but not by anything that made the situation safer. No step is explained.",
        ),
    ),
    DECIDING: (
        (
            "You can spend too long looking for evidence. My inspector wanted to look further and we lost two weeks.",
            1,
            "A view and an anecdote. The decision was somebody else's, and no facts were sought.",
        ),
        (
            "Bicycles went from one rack. I moved the boys on, since a shopkeeper was sure that it was them.",
            2,
            "One person was asked, and acted upon. Nothing was looked for that could have shown them wrong.",
        ),
        (
            "A till was short twice. I read the record of one of the two days and it settled the matter for me.",
            2,
            "Some evidence was read, and half of it left. What being wrong would cost is not weighed.",
        ),
    ),
    FAIRNESS: (
        (
            "I asked the traders for their side before I decided. The one who lost most got the reasons in writing.",
            3,
            "People are treated evenly and given reasons that they can accept. No hidden disadvantage is looked for.",
        ),
        (
            "Leave over the holidays went by who asked first. I changed it to turns, and asked the two it was hard on.",
            4,
            "A rule that was unfair without meaning to be is found and changed, and those who lose by it are heard.",
        ),
        (
            "I treat everybody the same. When two of my team fell out I told both of them to get on with it.",
            2,
            "Even-handed in form. Neither side was heard, and nothing shows that the outcome was fair.",
        ),
    ),
}
#: What is slipped in among the answers to each question: answer, agreed score and reason.
SEEDS = {
    STEADYING: (
        "A goods wagon came off the rails beside a platform. I had the current taken off before anybody moved.",
        3,
        "The order is sensible. How the two young officers at the barrier were coping is not asked.",
    ),
    DECIDING: (
        "Stones were thrown at the last train. I chose the evening on which most of the drivers had seen it.",
        2,
        "Two sources were compared. What spoke against it was at hand, and was set aside without a reason.",
    ),
}
PRACTICE_EVIDENCE = "One sound step. What was noticed first is not said, and how others were coping is only touched on."

#: The marks that each answer gets, in the order in which it is marked.
MARKS: dict[tuple[Someone, str], tuple[int, int, int]] = {
    (ZEPHYRINE, STEADYING): (2, 4, 4),
    (ZEPHYRINE, DECIDING): (4, 4, 4),
    (ZEPHYRINE, FAIRNESS): (4, 4, 5),
    (ROSE, STEADYING): (3, 3, 4),
    (ROSE, DECIDING): (3, 3, 3),
    (ROSE, FAIRNESS): (3, 3, 3),
    (CALLUM, STEADYING): (2, 2, 3),
    (CALLUM, DECIDING): (1, 3, 3),
    (CALLUM, FAIRNESS): (2, 2, 2),
}
#: What a marker writes beside each score.
EVIDENCE = {
    1: "The decision rests on a feeling. What control knew is not asked, and nothing was reviewed.",
    2: "Says that calm was kept, but not what was noticed or done first. Units arriving did most of it.",
    3: "First things first, and people are given a reason. How colleagues were coping is only touched on.",
    4: "Reads both the event and the people, explains the order of tasks, and names a mistake of the writer's own.",
    5: "Hears all sides, gives up an easy answer for a fair one, and changes how it is done from then on.",
}
REASON = "The record of what was done first carries more weight than the missing reflection."

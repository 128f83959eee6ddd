"""What people write in the journey: questions, answers, evidence."""

STEADYING, DECIDING, FAIRNESS = "Steadying a situation", "Deciding on evidence", "Fairness"

QUESTIONS = {
    STEADYING: "Tell us about a time when a situation was getting worse and you steadied it. What did you notice and do?",
    DECIDING: "Describe a difficult decision that you took on conflicting information. How did you reach it?",
}

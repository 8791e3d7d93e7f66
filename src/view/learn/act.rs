//! What can be asked of the lessons.

/// What can be asked of the lessons.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Back to the list of lessons.
    Contents,
    /// A lesson by its place in the list.
    Open(usize),
    /// Opens the lesson that is chosen in the list.
    OpenChosen,
    /// Along the list of lessons, while it is shown.
    Choose(i32),
    /// One step on (above 0) or back (else), over the edge of a lesson into the next.
    Step(i32),
    /// To the first step of the lesson.
    FirstStep,
    /// To the last step of the lesson.
    LastStep,
    /// To the lesson after (+1) or before (−1).
    Lesson(i32),
    /// The step as its file has it.
    Reset,
    /// Shows the answer to the step's question, or hides it.
    Reveal,
    /// Turns the exhibit's main setting up (+1) or down (−1).
    Turn(i32),
    /// Plays the exhibit or pauses it; one that goes by steps moves on.
    Play,
    /// Begins to present, in large text and with nothing else in the window, or ends it.
    Present,
    /// Turns the display of pressed keys on or off.
    ShowKeys,
    /// A picture of the exhibit.
    CaptureFigure,
}

/// A step of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StepPlace {
    /// The lesson's place in the list, from 0.
    pub lesson: usize,
    /// The step's place in the lesson, from 0.
    pub step: usize,
}

/// What decides which commands of the lessons are available.
#[derive(Clone, Copy, Debug)]
pub struct LearnPlace {
    /// Whether a lesson is on show; otherwise the list is.
    pub in_lesson: bool,
    /// Whether the window shows the lesson alone.
    pub presenting: bool,
    /// Columns of the list of lessons, as it was last drawn.
    pub columns: i32,
}

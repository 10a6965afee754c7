namespace Sidestep.Training;

/// <summary>How the labels of a file become the labels a loss wants. The choice is checked against every row once, when the file is decoded.</summary>
public enum LabelMap
{
    /// <summary>0 classes: <see cref="AsIs"/>; 2 classes: <see cref="Signs"/>; more: <see cref="Classes"/>.</summary>
    Auto,

    /// <summary>Unchanged, for regression (0 classes).</summary>
    AsIs,

    /// <summary>Unchanged, already as the loss wants them: classes from 0, or two classes as −1/+1.</summary>
    Kept,

    /// <summary>Two classes as −1 and +1 (logistic and hinge losses): from {−1, 1}, {0, 1} or {1, 2}.</summary>
    Signs,

    /// <summary>Classes from 0 (softmax): from 0..C−1, from 1..C, or with two classes from {−1, 1}; whichever the whole file fits.</summary>
    Classes,

    /// <summary>The file counts classes from 0; kept.</summary>
    ClassesFromZero,

    /// <summary>The file counts classes from 1; one is taken off.</summary>
    ClassesFromOne,
}

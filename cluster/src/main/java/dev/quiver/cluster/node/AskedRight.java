package dev.quiver.cluster.node;

import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.security.Right;

/// What somebody must be allowed to do who asks a scheduler something.
final class AskedRight {
    private AskedRight() {}

    static Right of(Question question) {
        return switch (question) {
            case Question.Join _,
                    Question.Vouch _,
                    Question.Bearer _,
                    Question.Bundles _,
                    Question.Agree _ ->
                    Right.WORK;
            case Question.Connect _,
                    Question.Attach _,
                    Question.MoreStages _,
                    Question.Upload _,
                    Question.PipelineTold _ ->
                    Right.SUBMIT;
            case Question.Statuses _,
                    Question.Story _,
                    Question.Catalog _,
                    Question.Frames _,
                    Question.Output _,
                    Question.Dashboard _,
                    Question.Report _,
                    Question.Usage _,
                    Question.Ends _,
                    Question.Members _,
                    Question.Rebalancing _ ->
                    Right.READ;
            case Question.Retire _, Question.Rebalance _, Question.Demand _ -> Right.ADMINISTER;
            case Question.Drivers(var about) -> of(about);
        };
    }

    private static Right of(DriverQuestion question) {
        return switch (question) {
            case DriverQuestion.All _, DriverQuestion.Output _ -> Right.READ;
            // who submitted it, or an administrator: that is looked at where it is known
            case DriverQuestion.Submit _, DriverQuestion.Cancel _ -> Right.SUBMIT;
            case DriverQuestion.Program _,
                    DriverQuestion.Runs _,
                    DriverQuestion.Printed _,
                    DriverQuestion.Ended _ ->
                    Right.WORK;
        };
    }
}

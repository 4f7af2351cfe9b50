package dev.quiver.scheduler.scaling.state;

import java.util.List;

/// What is to be done about the number of workers.
///
/// @param wanted how many of them there should be, between the limits
/// @param start so many more are to be started now
/// @param retire the numbers of those that are to leave now
public record ScalingDecision(int wanted, int start, List<Integer> retire) {
    public ScalingDecision {
        retire = List.copyOf(retire);
    }
}

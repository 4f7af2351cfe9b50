package dev.quiver.cluster.control;

/// What somebody does who starts workers as they are needed and has them leave.
///
/// @param workersMin so many are there in any case
/// @param workersMax more never are
/// @param targetMillis what waits is to be done in that time
/// @param workers that it has started and whose processes haven't ended
/// @param wanted how many there should be
/// @param tasks that ran or could when it looked last
/// @param workMillis how long all of these take one after the other
public record ScalingStatus(
        int workersMin,
        int workersMax,
        long targetMillis,
        int workers,
        int wanted,
        long tasks,
        long workMillis) {}

package dev.quiver.cluster.control;

import java.util.List;

/// What a person submits beside the program itself.
///
/// @param file what it is called, for people
/// @param directory of the person; the driver runs there when its worker has such a directory
/// @param arguments of its main method
/// @param restarts how often it is started again when it fails or its worker is lost
public record DriverPlan(String file, String directory, List<String> arguments, int restarts) {
    public DriverPlan {
        arguments = List.copyOf(arguments);
    }
}

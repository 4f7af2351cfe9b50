package dev.quiver.cluster.control;

import dev.quiver.protocol.SchedulerMessage;
import java.util.List;

/// What the scheduler's process tells a worker.
///
/// @param peers workers that it hasn't been told of
/// @param codes of tasks that `messages` assign
/// @param goneClients whose classes aren't needed any more
/// @param drivers what is to be done about submitted programs
public record Orders(
        List<WorkerAddress> peers,
        List<TaskCodes> codes,
        List<SchedulerMessage> messages,
        List<Integer> goneClients,
        List<DriverOrder> drivers) {
    public Orders {
        drivers = List.copyOf(drivers);
        goneClients = List.copyOf(goneClients);
        peers = List.copyOf(peers);
        codes = List.copyOf(codes);
        messages = List.copyOf(messages);
    }
}

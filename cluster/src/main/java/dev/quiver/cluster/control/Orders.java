package dev.quiver.cluster.control;

import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayList;
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

    /// One that means the same as several, in their order.
    public static Orders merged(List<Orders> all) {
        var peers = new ArrayList<WorkerAddress>();
        var codes = new ArrayList<TaskCodes>();
        var messages = new ArrayList<SchedulerMessage>();
        var goneClients = new ArrayList<Integer>();
        var drivers = new ArrayList<DriverOrder>();
        for (Orders each : all) {
            peers.addAll(each.peers);
            codes.addAll(each.codes);
            messages.addAll(each.messages);
            goneClients.addAll(each.goneClients);
            drivers.addAll(each.drivers);
        }
        return new Orders(peers, codes, messages, goneClients, drivers);
    }
}

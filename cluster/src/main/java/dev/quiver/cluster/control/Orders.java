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
/// @param retirements in how many milliseconds at most the worker is to leave; none when it may
///   stay
/// @param inquiries of people who look at it
public record Orders(
        List<WorkerAddress> peers,
        List<TaskCodes> codes,
        List<SchedulerMessage> messages,
        List<Integer> goneClients,
        List<DriverOrder> drivers,
        List<Long> retirements,
        List<Inquiry> inquiries) {
    public Orders {
        inquiries = List.copyOf(inquiries);
        retirements = List.copyOf(retirements);
        drivers = List.copyOf(drivers);
        goneClients = List.copyOf(goneClients);
        peers = List.copyOf(peers);
        codes = List.copyOf(codes);
        messages = List.copyOf(messages);
    }

    /// To do what these messages of the scheduler say.
    public static Orders of(
            List<WorkerAddress> peers, List<TaskCodes> codes, List<SchedulerMessage> messages) {
        return new Orders(peers, codes, messages, List.of(), List.of(), List.of(), List.of());
    }

    /// To forget a client.
    public static Orders forget(int client) {
        return new Orders(
                List.of(), List.of(), List.of(), List.of(client), List.of(), List.of(), List.of());
    }

    /// About a submitted program.
    public static Orders about(DriverOrder order) {
        return new Orders(
                List.of(), List.of(), List.of(), List.of(), List.of(order), List.of(), List.of());
    }

    /// To leave.
    ///
    /// @param limitMillis after which it leaves whatever it holds and runs
    public static Orders retire(long limitMillis) {
        return new Orders(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(limitMillis),
                List.of());
    }

    /// To tell people who look at it what they ask.
    public static Orders ask(Inquiry inquiry) {
        return new Orders(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(inquiry));
    }

    /// One that means the same as several, in their order.
    public static Orders merged(List<Orders> all) {
        var peers = new ArrayList<WorkerAddress>();
        var codes = new ArrayList<TaskCodes>();
        var messages = new ArrayList<SchedulerMessage>();
        var goneClients = new ArrayList<Integer>();
        var drivers = new ArrayList<DriverOrder>();
        var retirements = new ArrayList<Long>();
        var inquiries = new ArrayList<Inquiry>();
        for (Orders each : all) {
            peers.addAll(each.peers);
            codes.addAll(each.codes);
            messages.addAll(each.messages);
            goneClients.addAll(each.goneClients);
            drivers.addAll(each.drivers);
            retirements.addAll(each.retirements);
            inquiries.addAll(each.inquiries);
        }
        return new Orders(peers, codes, messages, goneClients, drivers, retirements, inquiries);
    }
}

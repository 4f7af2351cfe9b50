package dev.quiver.cluster.log;

import dev.quiver.operator.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who is in a cluster, and which numbers were given, as its log says.
public final class Roster {
    private final Map<Integer, LogEntry.ClientCame> clients = new TreeMap<>();
    private final Map<Integer, Integer> blocks = new TreeMap<>();
    private final Set<Integer> workers = new TreeSet<>();
    private OptionalLong cluster = OptionalLong.empty();
    private int epoch;
    private int clientsGiven;
    private int blocksGiven;
    private int workersGiven;
    private int programsGiven;

    /// Takes in the next entry.
    public void add(LogEntry entry) {
        switch (entry) {
            case LogEntry.Founded(long number) -> cluster = OptionalLong.of(number);
            case LogEntry.Opened(int number) -> epoch = Math.max(epoch, number);
            case LogEntry.Job _ -> {}
            case LogEntry.ClientCame came -> {
                clients.put(came.client(), came);
                clientsGiven = Math.max(clientsGiven, came.client());
            }
            case LogEntry.ClientGone(int client) -> {
                clients.remove(client);
                blocks.values().removeIf(owner -> owner == client);
            }
            case LogEntry.StagesGiven(int client, int block) -> {
                if (clients.containsKey(client)) blocks.put(block, client);
                blocksGiven = Math.max(blocksGiven, block + 1);
            }
            case LogEntry.WorkerCame(int worker) -> {
                workers.add(worker);
                workersGiven = Math.max(workersGiven, worker + 1);
            }
            case LogEntry.WorkerGone(int worker) -> workers.remove(worker);
            case LogEntry.ProgramSubmitted(int number) ->
                    programsGiven = Math.max(programsGiven, number);
            case LogEntry.Given(int clientCount, int blockCount, int workerCount) -> {
                clientsGiven = Math.max(clientsGiven, clientCount);
                blocksGiven = Math.max(blocksGiven, blockCount);
                workersGiven = Math.max(workersGiven, workerCount);
            }
        }
    }

    /// Entries that say the same as all that were added.
    List<LogEntry> entries() {
        var entries = new ArrayList<LogEntry>();
        cluster.ifPresent(number -> entries.add(new LogEntry.Founded(number)));
        entries.add(new LogEntry.Opened(epoch));
        entries.add(new LogEntry.Given(clientsGiven, blocksGiven, workersGiven));
        if (programsGiven > 0) entries.add(new LogEntry.ProgramSubmitted(programsGiven));
        entries.addAll(clients.values());
        blocks.forEach((block, client) -> entries.add(new LogEntry.StagesGiven(client, block)));
        workers.forEach(worker -> entries.add(new LogEntry.WorkerCame(worker)));
        return entries;
    }

    /// The cluster's number; empty while it has none.
    OptionalLong cluster() {
        return cluster;
    }

    /// The last scheduler's.
    public int epoch() {
        return epoch;
    }

    /// The clients that haven't gone for good, by their numbers.
    public List<LogEntry.ClientCame> clients() {
        return List.copyOf(clients.values());
    }

    public boolean hasClient(int client) {
        return clients.containsKey(client);
    }

    /// Whose stages have the numbers of a block, by the block.
    public Map<Integer, Integer> blocks() {
        return Map.copyOf(blocks);
    }

    /// The workers that aren't lost.
    public List<Integer> workers() {
        return List.copyOf(workers);
    }

    /// Clients have had the numbers from 1 up to this one.
    public int clientsGiven() {
        return clientsGiven;
    }

    /// Blocks of stages from 0 up to, not including, this one were given.
    public int blocksGiven() {
        return blocksGiven;
    }

    /// Submitted programs have had the numbers from 1 up to this one.
    public int programsGiven() {
        return programsGiven;
    }

    /// Workers have had the numbers from 0 up to, not including, this one.
    public int workersGiven() {
        return workersGiven;
    }

    /// The proof of a client; none when it isn't known.
    public Bytes token(int client) {
        LogEntry.ClientCame came = clients.get(client);
        return came == null ? Bytes.NONE : came.token();
    }
}

package dev.quiver.cluster.data;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Offers a client's outputs to all workers that it is told of, from the moment on that it has
/// some. Thread-safe; only [#close] waits for the network.
public final class OutputOffers implements AutoCloseable {
    private final FlightEndpoints endpoints;
    private final int client;
    private final ServedOutputs outputs;
    private final ExecutorService executor = DataThreads.pool("quiver-offer");
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("quiver-offer-timer").factory());
    private final Map<InetSocketAddress, OutputOffer> offers = new HashMap<>();
    private boolean begun;
    private boolean closed;

    /// Workers, also those that came before there was something to offer.
    private final Map<Integer, InetSocketAddress> known = new HashMap<>();

    /// @param client its number in the cluster
    public OutputOffers(FlightEndpoints endpoints, int client, ServedOutputs outputs) {
        this.endpoints = endpoints;
        this.client = client;
        this.outputs = outputs;
    }

    /// A worker that joined.
    public synchronized void add(int worker, InetSocketAddress address) {
        known.put(worker, address);
        if (begun) offer(address);
    }

    /// There is something to offer now.
    public synchronized void begin() {
        if (begun) return;
        begun = true;
        known.values().forEach(this::offer);
    }

    private void offer(InetSocketAddress address) {
        if (closed) return;
        offers.computeIfAbsent(
                address, to -> new OutputOffer(endpoints, to, client, outputs, executor, timer));
    }

    @Override
    public void close() {
        List<OutputOffer> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(offers.values());
            offers.clear();
        }
        all.forEach(OutputOffer::close);
        timer.shutdownNow();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS))
                throw new IllegalStateException("an offer doesn't end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

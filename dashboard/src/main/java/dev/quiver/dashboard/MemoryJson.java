package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.scheduler.server.Watched;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is in memory, and whose it is, as JSON, of version 1.
final class MemoryJson {
    /// So many holdings are told one by one; of the others the sum.
    private static final int HOLDINGS_MAX = 200;

    private MemoryJson() {}

    /// @param isWhole whether all that is held was looked at
    static byte[] of(List<Watched.WorkerUsage> workers, List<Holding> holdings, boolean isWhole) {
        List<Holding> told = holdings.subList(0, Math.min(HOLDINGS_MAX, holdings.size()));
        List<Holding> others = holdings.subList(told.size(), holdings.size());
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeBooleanField("whole", isWhole);
            json.writeNumberField(
                    "usedBytes", workers.stream().mapToLong(Watched.WorkerUsage::usedBytes).sum());
            json.writeNumberField(
                    "limitBytes",
                    workers.stream().mapToLong(Watched.WorkerUsage::limitBytes).sum());
            json.writeNumberField(
                    "spilledBytes",
                    workers.stream().mapToLong(Watched.WorkerUsage::spilledBytes).sum());
            owners(json, holdings);
            json.writeArrayFieldStart("holdings");
            for (Holding holding : told) write(json, holding);
            json.writeEndArray();
            json.writeNumberField("others", others.size());
            json.writeNumberField("otherBytes", others.stream().mapToLong(Holding::bytes).sum());
            json.writeEndObject();
        });
    }

    private static void owners(JsonGenerator json, List<Holding> holdings) throws IOException {
        Map<String, Long> bytes = new TreeMap<>();
        Map<String, Long> outputs = new TreeMap<>();
        for (Holding holding : holdings) {
            bytes.merge(holding.owner(), holding.bytes(), Long::sum);
            outputs.merge(holding.owner(), holding.outputs(), Long::sum);
        }
        json.writeArrayFieldStart("owners");
        for (Map.Entry<String, Long> owner :
                bytes.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .toList()) {
            json.writeStartObject();
            json.writeStringField("owner", owner.getKey());
            json.writeNumberField("outputs", outputs.getOrDefault(owner.getKey(), 0L));
            json.writeNumberField("bytes", owner.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Holding holding) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", holding.what());
        json.writeNumberField("stage", holding.stage());
        if (holding.job().isPresent()) {
            json.writeNumberField("job", holding.job().get().job());
            json.writeStringField("title", holding.job().get().what().title());
        }
        json.writeStringField("owner", holding.owner());
        json.writeStringField("published", holding.published());
        json.writeNumberField("outputs", holding.outputs());
        json.writeArrayFieldStart("workers");
        for (int worker : holding.workers()) json.writeNumber(worker);
        json.writeEndArray();
        json.writeNumberField("bytes", holding.bytes());
        json.writeNumberField("spilledBytes", holding.spilledBytes());
        json.writeStringField("release", holding.release());
        json.writeEndObject();
    }
}

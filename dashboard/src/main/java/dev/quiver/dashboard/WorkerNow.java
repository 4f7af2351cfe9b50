package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.protocol.ResourceUsage;
import dev.quiver.scheduler.server.Watched;
import java.io.IOException;

/// What a worker does now, and how fast it moves bytes.
record WorkerNow(Watched.WorkerUsage usage, TrafficPace.Speed speed) {
    /// Writes the fields that all answers have of it.
    void write(JsonGenerator json) throws IOException {
        json.writeNumberField("id", usage.worker());
        json.writeStringField("name", usage.name());
        json.writeNumberField("slots", usage.slots());
        json.writeNumberField("running", usage.running());
        json.writeNumberField("usedBytes", usage.usedBytes());
        json.writeNumberField("limitBytes", usage.limitBytes());
        json.writeNumberField("spilledBytes", usage.spilledBytes());
        ResourceUsage resources = usage.resources();
        json.writeNumberField("cpuPercent", resources.cpuPercent());
        json.writeNumberField("heapBytes", resources.heapBytes());
        json.writeNumberField("residentBytes", resources.residentBytes());
        json.writeNumberField("sentPerSecond", speed.sent());
        json.writeNumberField("receivedPerSecond", speed.received());
        json.writeNumberField("spillWrittenPerSecond", speed.spillWritten());
        json.writeNumberField("spillReadPerSecond", speed.spillRead());
    }

    /// Writes what it moved since it began.
    void writeMoved(JsonGenerator json) throws IOException {
        ResourceUsage resources = usage.resources();
        json.writeNumberField("sentBytes", resources.sentBytes());
        json.writeNumberField("receivedBytes", resources.receivedBytes());
        json.writeNumberField("spillWrittenBytes", resources.spillWrittenBytes());
        json.writeNumberField("spillReadBytes", resources.spillReadBytes());
    }
}

package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quiver.scheduler.server.ClientPipelines;
import dev.quiver.scheduler.server.PipelineBook;
import dev.quiver.scheduler.server.PipelineBook.Told;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is known of pipelines, as JSON, of version 1: those of this process, and those that clients
/// of a cluster told of. Of two of one name that which began last counts.
///
/// @param book empty where the process knows of none, or they aren't for all who may look
/// @param clients what clients told, whatever that is
record PipelineAnswers(Optional<PipelineBook> book, List<ClientPipelines.Told> clients) {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineAnswers.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int PIPELINES_MAX = 200;

    /// What this says of a run isn't the client's to say.
    private static final Set<String> OWN_FIELDS = Set.of("pipeline", "client");

    /// The one that began last first.
    byte[] all() {
        Map<String, Told> pipelines = new HashMap<>();
        List<Told> here = book.map(PipelineBook::all).orElse(List.of());
        Stream<Told> there = clients.stream().flatMap(told -> copy(told, false).stream());
        Stream.concat(here.stream(), there)
                .forEach(told -> pipelines.merge(told.pipeline(), told, PipelineAnswers::later));
        return bytes(
                pipelines.values().stream()
                        .sorted(
                                Comparator.comparing(Told::began)
                                        .reversed()
                                        .thenComparing(Told::pipeline))
                        .limit(PIPELINES_MAX)
                        .map(Told::json)
                        .collect(Collectors.joining(",", "{\"version\":1,\"pipelines\":[", "]}")));
    }

    /// Empty when it isn't known.
    Optional<byte[]> one(String pipeline) {
        Optional<Told> here = book.flatMap(known -> known.one(pipeline));
        Optional<Told> there =
                clients.stream()
                        .filter(told -> told.news().pipeline().equals(pipeline))
                        .findFirst()
                        .flatMap(told -> copy(told, true));
        return Stream.concat(here.stream(), there.stream())
                .reduce(PipelineAnswers::later)
                .map(told -> bytes(told.json()));
    }

    private static Told later(Told one, Told other) {
        return other.began().isAfter(one.began()) ? other : one;
    }

    /// What a client told, with who it is; empty when it is no object of JSON.
    ///
    /// @param whole false for a line of a list
    private static Optional<Told> copy(ClientPipelines.Told told, boolean whole) {
        String name = told.news().pipeline();
        var text = new StringWriter();
        try (JsonParser in = JSON.createParser(told.news().json());
                JsonGenerator out = JSON.createGenerator(text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) throw new IOException("no object");
            out.writeStartObject();
            out.writeStringField("pipeline", name);
            out.writeStringField("client", told.name());
            while (in.nextToken() != JsonToken.END_OBJECT) copyField(in, out, told.lost(), whole);
            out.writeEndObject();
            if (in.nextToken() != null) throw new IOException("something behind the object");
        } catch (IOException e) {
            LOG.debug("what {} told of '{}' can't be read", told.name(), name, e);
            return Optional.empty();
        }
        Instant began = Instant.ofEpochMilli(told.news().beganMillis());
        return Optional.of(new Told(name, began, text.toString()));
    }

    private static void copyField(JsonParser in, JsonGenerator out, boolean lost, boolean whole)
            throws IOException {
        String field = in.currentName();
        JsonToken value = in.nextToken();
        if (OWN_FIELDS.contains(field) || !whole && value.isStructStart()) {
            in.skipChildren();
            return;
        }
        out.writeFieldName(field);
        if (lost && field.equals("state")) out.writeString("killed");
        else out.copyCurrentStructure(in);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.quiver.s3;

import dev.quiver.io.store.StoreFailure;
import dev.quiver.io.store.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// A multipart upload for each file: nobody sees a file before its upload is completed, which is
/// one short request.
final class S3Upload implements Upload {
    /// Parts but the last have at least 5 MiB; an upload has at most 10,000.
    private static final long PART_BYTES_MIN = 16L << 20;

    private static final long PARTS_MAX = 10_000;

    /// Marks an object as this upload's, so that an answer that got lost isn't missed.
    private static final String MARK = "quiver-upload";

    /// A file and its upload, which begins with its first part.
    private static final class Target {
        private final S3Address address;
        private final Path file;
        private final long bytes;
        private final CompletedPart[] sent;
        private final String mark = UUID.randomUUID().toString();
        private @Nullable String id;
        private boolean complete;

        private Target(S3Address address, Path file, long bytes, int parts) {
            this.address = address;
            this.file = file;
            this.bytes = bytes;
            this.sent = new CompletedPart[parts];
        }
    }

    /// @param number from 0 on
    private record Part(Target target, int number, long from, long bytes) {}

    private final S3Store store;
    private final List<Target> targets;
    private final List<Part> parts;

    private S3Upload(S3Store store, List<Target> targets, List<Part> parts) {
        this.store = store;
        this.targets = targets;
        this.parts = parts;
    }

    static S3Upload of(S3Store store, SortedMap<String, Path> files) throws IOException {
        return of(store, files, PART_BYTES_MIN);
    }

    static S3Upload of(S3Store store, SortedMap<String, Path> files, long partBytesMin)
            throws IOException {
        var targets = new ArrayList<Target>();
        var parts = new ArrayList<Part>();
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            long bytes = Files.size(entry.getValue());
            long partBytes = Math.max(partBytesMin, Math.ceilDiv(bytes, PARTS_MAX));
            int count = Math.toIntExact(Math.max(1, Math.ceilDiv(bytes, partBytes)));
            S3Address address = S3Address.ofFile(entry.getKey());
            var target = new Target(address, entry.getValue(), bytes, count);
            targets.add(target);
            for (int i = 0; i < count; i++) {
                long from = i * partBytes;
                parts.add(new Part(target, i, from, Math.min(partBytes, bytes - from)));
            }
        }
        return new S3Upload(store, targets, parts);
    }

    @Override
    public int parts() {
        return parts.size();
    }

    @Override
    public String url(int part) {
        S3Address address = parts.get(part).target().address;
        return address.url(address.key());
    }

    @Override
    public void send(int part) throws IOException {
        Part sent = parts.get(part);
        Target target = sent.target();
        String id = begun(target);
        try (var section = new FileSection(target.file, sent.from(), sent.bytes())) {
            UploadPartResponse response =
                    store.send(
                            target.address,
                            s3 ->
                                    s3.uploadPart(
                                            request ->
                                                    request.bucket(target.address.bucket())
                                                            .key(target.address.key())
                                                            .uploadId(id)
                                                            .partNumber(sent.number() + 1),
                                            RequestBody.fromContentProvider(
                                                    section,
                                                    sent.bytes(),
                                                    "application/octet-stream")));
            if (response.eTag() == null)
                throw new IOException("the store's answer to a part names no ETag");
            CompletedPart done =
                    CompletedPart.builder()
                            .partNumber(sent.number() + 1)
                            .eTag(response.eTag())
                            .checksumCRC32(response.checksumCRC32())
                            .checksumCRC32C(response.checksumCRC32C())
                            .checksumCRC64NVME(response.checksumCRC64NVME())
                            .build();
            synchronized (target) {
                target.sent[sent.number()] = done;
            }
        }
    }

    private String begun(Target target) throws IOException {
        synchronized (target) {
            String id = target.id;
            if (id != null) return id;
            id =
                    store.send(
                            target.address,
                            s3 ->
                                    s3.createMultipartUpload(request ->
                                                    request.bucket(target.address.bucket())
                                                            .key(target.address.key())
                                                            .metadata(Map.of(MARK, target.mark)))
                                            .uploadId());
            target.id = id;
            return id;
        }
    }

    @Override
    public void complete() throws IOException {
        for (Target target : targets)
            synchronized (target) {
                if (!target.complete) complete(target);
                target.complete = true;
            }
    }

    private void complete(Target target) throws IOException {
        String id = target.id;
        if (id == null || Stream.of(target.sent).anyMatch(part -> part == null))
            throw new IllegalStateException("not all of it was sent: " + target.address);
        try {
            store.send(
                    target.address,
                    s3 ->
                            s3.completeMultipartUpload(request ->
                                    request.bucket(target.address.bucket())
                                            .key(target.address.key())
                                            .uploadId(id)
                                            .multipartUpload(all -> all.parts(target.sent))));
        } catch (StoreFailure e) {
            // A try before may have gone well, and its answer got lost.
            if (e.kind() != StoreFailure.Kind.MISSING || !isThere(target)) throw e;
        }
    }

    private boolean isThere(Target target) throws IOException {
        return store.send(
                target.address,
                s3 -> {
                    var head =
                            s3.headObject(request ->
                                    request.bucket(target.address.bucket())
                                            .key(target.address.key()));
                    return head.contentLength() == target.bytes
                            && target.mark.equals(head.metadata().get(MARK));
                });
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        for (Target target : targets) {
            try {
                abort(target);
            } catch (IOException e) {
                if (failed == null) failed = e;
                else failed.addSuppressed(e);
            }
        }
        if (failed != null) throw failed;
    }

    private void abort(Target target) throws IOException {
        synchronized (target) {
            String id = target.id;
            if (id == null || target.complete) return;
            try {
                store.send(
                        target.address,
                        s3 ->
                                s3.abortMultipartUpload(request ->
                                        request.bucket(target.address.bucket())
                                                .key(target.address.key())
                                                .uploadId(id)));
            } catch (StoreFailure e) {
                if (e.kind() != StoreFailure.Kind.MISSING) throw e;
            }
            target.id = null;
        }
    }
}

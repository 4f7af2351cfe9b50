package dev.quiver.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/// A copy that the store makes by itself: at once, or in parts where the file is larger than one
/// request may copy.
///
/// @param partBytes the most that one request copies, at least 5 MiB
record S3Copy(S3Store store, S3Address from, S3Address to, long partBytes) {
    /// S3 takes 5 GB in one request, and 10,000 parts.
    private static final long PART_BYTES = 4L << 30;

    S3Copy(S3Store store, S3Address from, S3Address to) {
        this(store, from, to, PART_BYTES);
    }

    void run() throws IOException {
        HeadObjectResponse head =
                store.send(
                        from,
                        s3 ->
                                s3.headObject(
                                        request -> request.bucket(from.bucket()).key(from.key())));
        if (head.contentLength() > partBytes) {
            inParts(head.contentLength(), head.eTag());
            return;
        }
        store.send(
                to,
                s3 ->
                        s3.copyObject(request ->
                                request.sourceBucket(from.bucket())
                                        .sourceKey(from.key())
                                        .copySourceIfMatch(head.eTag())
                                        .destinationBucket(to.bucket())
                                        .destinationKey(to.key())));
    }

    private void inParts(long bytes, String etag) throws IOException {
        store.send(
                to,
                s3 -> {
                    String id =
                            s3.createMultipartUpload(
                                            request -> request.bucket(to.bucket()).key(to.key()))
                                    .uploadId();
                    boolean complete = false;
                    try {
                        List<CompletedPart> parts = parts(s3, id, bytes, etag);
                        s3.completeMultipartUpload(request ->
                                request.bucket(to.bucket())
                                        .key(to.key())
                                        .uploadId(id)
                                        .multipartUpload(all -> all.parts(parts)));
                        complete = true;
                        return parts.size();
                    } finally {
                        if (!complete)
                            s3.abortMultipartUpload(request ->
                                    request.bucket(to.bucket()).key(to.key()).uploadId(id));
                    }
                });
    }

    private List<CompletedPart> parts(S3Client s3, String id, long bytes, String etag) {
        var parts = new ArrayList<CompletedPart>();
        for (long at = 0; at < bytes; at += partBytes) {
            int number = parts.size() + 1;
            String range = "bytes=%d-%d".formatted(at, Math.min(bytes, at + partBytes) - 1);
            UploadPartCopyResponse copied =
                    s3.uploadPartCopy(request ->
                            request.sourceBucket(from.bucket())
                                    .sourceKey(from.key())
                                    .copySourceIfMatch(etag)
                                    .copySourceRange(range)
                                    .destinationBucket(to.bucket())
                                    .destinationKey(to.key())
                                    .uploadId(id)
                                    .partNumber(number));
            parts.add(
                    CompletedPart.builder()
                            .partNumber(number)
                            .eTag(copied.copyPartResult().eTag())
                            .build());
        }
        return parts;
    }
}

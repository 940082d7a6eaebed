package dev.ensembled.git;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The response of a CGI program. */
final class CgiAnswer {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private CgiAnswer(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    /** Runs the program; its request is small enough for a pipe. */
    static CgiAnswer of(ProcessBuilder program, byte[] request) throws IOException {
        program.environment().put("CONTENT_LENGTH", String.valueOf(request.length));
        program.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = program.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(request);
        } catch (IOException e) {
            // a backend that refuses a request need not read it; its response follows
            process.getErrorStream().close();
        }
        return parse(process.getInputStream().readAllBytes());
    }

    private static CgiAnswer parse(byte[] output) {
        String all = new String(output, StandardCharsets.ISO_8859_1);
        int end = all.indexOf("\r\n\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : all.substring(0, Math.max(0, end)).lines().toList()) {
            headers.put(
                    line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).strip());
        }
        String status = headers.getOrDefault("Status", "200 OK");
        headers.remove("Status");
        return new CgiAnswer(
                end < 0 ? 502 : Integer.parseInt(status.substring(0, 3)),
                headers,
                end < 0 ? new byte[0] : Arrays.copyOfRange(output, end + 4, output.length));
    }
}

export interface NginxSettings {
  /** For what it writes while it runs. */
  readonly own: string
  /** Holds `files`. */
  readonly files: string
  readonly port: number
  readonly greeting: string
}

/** nginx as it comes, but for paths, so that anybody can run it and nothing is left behind; its connections are not cut. */
export function nginxConfiguration({ own, files, port, greeting }: NginxSettings): string {
  return `
worker_processes 1;
daemon off;
pid ${own}/nginx.pid;
error_log stderr error;
events { worker_connections 16384; }
http {
  access_log off;
  client_body_temp_path ${own}/client;
  proxy_temp_path ${own}/proxy;
  fastcgi_temp_path ${own}/fastcgi;
  uwsgi_temp_path ${own}/uwsgi;
  scgi_temp_path ${own}/scgi;
  sendfile on;
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${port};
    location = /plaintext { default_type text/plain; return 200 '${greeting}'; }
    location /files/ { root ${files}; }
  }
}
`
}

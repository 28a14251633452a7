"""The plainest nginx that serves a baked tree."""

import shutil
from pathlib import Path

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
BROTLI = _MODULE if _MODULE.exists() else None
CONFIGURATION = """\
daemon off; master_process off; pid {folder}/pid; error_log stderr warn;
events {{ }}
http {{
  include /etc/nginx/mime.types;
  charset utf-8; charset_types text/html text/plain text/css text/javascript application/javascript;
  access_log off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    root {root};
    gzip_static on;
    error_page 404 /404.html;
  }}
}}
"""

//! Stands between a ledger and its server, says that the server has no TLS, and listens.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
};

/// `SSLRequest` as it goes over the wire.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A port that leads to the server, without TLS.
#[derive(Debug)]
pub(crate) struct Strip {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Strip {
    /// One that leads to a socket.
    pub(crate) fn new(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&heard);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (shared, socket) = (Arc::clone(&shared), socket.clone());
                thread::spawn(move || pass(client, &socket, &shared));
            }
        });
        Self { port, heard }
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// All that clients have said, since it was asked last.
    pub(crate) fn heard(&self) -> Vec<u8> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

fn pass(mut client: TcpStream, socket: &PathBuf, heard: &Mutex<Vec<u8>>) {
    let mut server = UnixStream::connect(socket).unwrap();
    let (mut from_server, mut to_client) =
        (server.try_clone().unwrap(), client.try_clone().unwrap());
    let answers = thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let mut buffer = [0; 65536];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let said = &buffer[..length];
        heard.lock().unwrap().extend(said);
        let passed =
            if said == SSL_REQUEST { client.write_all(b"N") } else { server.write_all(said) };
        if passed.is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
    answers.join().unwrap();
}

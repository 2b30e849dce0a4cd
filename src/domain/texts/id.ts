/** Indonesian. */
import type { Texts } from './situation.ts'

// biome-ignore format: a table is read by column
export const id: Texts = {
  paid:          ['Sudah dibayar. Serahkan barang.', 'Pembayaran berhasil.'],
  wait:          ['Belum ada hasil. Tunggu; jangan serahkan barang.', 'Pembayaran sedang diproses. Mohon tunggu dan jangan bayar lagi.'],
  confirm:       ['Minta pelanggan mengonfirmasi di ponsel.', 'Silakan konfirmasi pembayaran di dompet Anda.'],
  wait_long:     ['Menunggu jaringan. Hasil paling lambat besok.', 'Pembayaran Anda sedang diperiksa. Hasil paling lambat besok; jangan bayar lagi.'],
  no_answer:     ['Tidak dibayar: tidak ada jawaban tepat waktu. Coba lagi.', 'Pembayaran gagal: tidak ada jawaban tepat waktu. Dana tidak dipotong; coba lagi.'],
  user_no:       ['Tidak dibayar: pelanggan menolak.', 'Anda menolak pembayaran ini.'],
  no_funds:      ['Tidak dibayar. Minta cara bayar lain.', 'Saldo dompet Anda tidak cukup.'],
  declined:      ['Tidak dibayar: ditolak. Minta cara bayar lain.', 'Pembayaran ditolak. Hubungi dompet Anda atau gunakan cara lain.'],
  order_closed:  ['Pesanan ini sudah ditutup. Buat kode baru.', 'Pesanan ini sudah ditutup. Minta kode baru dari toko.'],
  order_paid:    ['Pesanan ini sudah dibayar.', 'Pesanan ini sudah dibayar.'],
  merchant_off:  ['Toko ini tidak dapat menerima pembayaran ini. Hubungi acquirer Anda.', 'Toko ini tidak dapat menerima pembayaran ini. Gunakan cara lain.'],
  cancelled:     ['Pembayaran dibatalkan.', 'Pembayaran dibatalkan. Semua uang Anda dikembalikan.'],
  refund_wait:   ['Pengembalian dana sedang diproses.', 'Pengembalian dana Anda sedang diproses.'],
  refunded:      ['Dana sudah dikembalikan.', 'Uang Anda sudah dikembalikan.'],
  refund_other:  ['Dompet mengembalikan dana dengan cara lain.', 'Akun Anda sudah ditutup. Dompet akan mengembalikan dana dengan cara lain.'],
  code_bad:      ['Kode tidak terbaca. Tunjukkan atau pindai lagi.', 'Kode ini tidak terbaca. Pindai lagi.'],
  code_expired:  ['Kode sudah kedaluwarsa. Minta kode baru.', 'Kode sudah kedaluwarsa. Gunakan kode baru.'],
  code_used:     ['Kode sudah dipakai. Minta kode baru.', 'Kode ini sudah dipakai. Tunjukkan kode baru.'],
  not_served:    ['Kode atau dompet ini tidak dapat dipakai di sini. Minta cara lain.', 'Kode ini tidak dapat dibayar dengan dompet Anda. Gunakan cara lain.'],
  amount:        ['Periksa jumlah lalu coba lagi.', 'Mohon periksa jumlahnya.'],
  limit:         ['Jumlah melebihi batas. Minta cara bayar lain.', 'Jumlah melebihi batas Anda.'],
  quote_expired: ['Tidak dibayar: terlalu lama. Pindai lagi.', 'Harga sudah kedaluwarsa. Silakan pindai lagi.'],
  try_again:     ['Sedang tidak ada koneksi. Coba lagi.', 'Sedang tidak ada koneksi. Silakan coba lagi.'],
  not_found:     ['Tidak ada pembayaran seperti itu.', 'Tidak ada pembayaran seperti itu.'],
  too_late:      ['Terlambat untuk membatalkan. Lakukan pengembalian dana.', 'Terlambat untuk membatalkan. Minta pengembalian dana dari toko.'],
  refund_no:     ['Pengembalian dana ini tidak mungkin. Periksa jumlah dan tanggal.', 'Pengembalian dana ini tidak mungkin. Silakan tanya toko.'],
  technical:     ['Gangguan teknis. Hubungi acquirer Anda.', 'Gangguan teknis. Silakan hubungi dompet Anda.'],
}
